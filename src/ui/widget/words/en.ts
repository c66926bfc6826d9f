/** The widget's own words in English. Its keys are the dictionary: a language that lacks one does not compile. */
import type { AnswerStatus } from '../../../core/answer.ts';
import type { TaskId } from '../../../core/request.ts';

const STATUS: Record<AnswerStatus, string> = {
  accepted: 'Accepted',
  needs_review: 'Needs a person',
  refused: 'Refused',
  cancelled: 'Stopped',
};

const WORK: Record<TaskId, string> = {
  classify: 'Sort',
  extract: 'Extract fields',
  summarize: 'Summarise',
  draft: 'Draft a reply',
  code: 'Code',
  check: 'Check',
  redact: 'Redact',
  generate: 'Fill a template',
  chat: 'Write',
};

export const en = {
  request: 'The request: a ticket, an e-mail, a command',
  placeholder: 'Type or paste a text',
  ask: 'Answer',
  stop: 'Stop',
  answering: 'Answering on this device',
  passingOn: 'Passing it on',
  loading: 'Loading the models',
  part: (done: string, all: string) => `${done} of ${all}`,
  chooseFile: 'Choose a file',
  dropFile: 'Drop a file here. It does not leave this device.',
  removeFile: (name: string) => `Remove ${name}`,
  textKept: 'Your text is kept.',
  fileKept: 'The file is kept.',
  stopped: 'Stopped.',
  tryAgain: 'Try again',
  code: 'Code',
  partMissing: 'A part of this form could not be loaded. Check the connection and try again.',
  work: 'Work',
  routerDecides: 'Decided from the text',
  tasks: WORK,

  status: STATUS,
  sure: (percent: string) => `${percent} sure`,
  sureUnknown: 'certainty not measured',
  byRules: 'worked out by rules',
  onDevice: 'on this device',
  inCloud: 'on a server',
  byPerson: 'left to a person',
  draft: 'A draft',
  openQuestion: 'An open question',
  noLabel: 'None of its labels',
  noAnswer: 'No answer',
  refused: 'Not answered',
  more: 'More',
  less: 'Less',
  answer: 'The answer',
  inFull: 'The answer in full',
  why: 'Why',
  others: 'What else it could be',
  nearest: 'The nearest labels',
  restsOn: 'What it rests on',
  path: 'How far it went',
  visit: 'This visit',
  lookAt: 'What to look at',

  accept: 'Accept',
  acceptEdited: 'Accept with changes',
  correct: 'Correct',
  escalate: 'Escalate',
  copy: 'Copy',
  acceptedByYou: 'Accepted by you',
  correctedByYou: (label: string) =>
    label === '' ? 'Corrected by you' : `Corrected to ${label} by you`,
  kept: 'Kept in this browser.',
  copied: 'On the clipboard.',
  notCopied: 'The browser did not allow copying.',
  correctTitle: 'Which label is right?',
  correctHint: 'Your choice and the text stay in this browser and can train the next version.',
  search: 'Search the labels',
  noMatch: 'Nothing matches.',
  noLabels: 'The labels of this specialist are not known here.',
  close: 'Close',
  openApp: 'Open in Flotilla',

  sendTitle: (server: string) => `Send this to ${server}?`,
  server: 'Server',
  region: 'Region',
  notStated: 'not stated',
  size: 'Size',
  masked: 'Masked',
  nothingMasked: 'No identifiers were found. Read the text before you send it.',
  leaves: 'This leaves the device, and nothing else',
  keepHere: 'Keep here',
  send: 'Send',
  toolTitle: (name: string) => `Let the model call “${name}”?`,
  toolHint: 'What the call does is up to this page; the model may have misunderstood the text.',
  toolGiven: 'It would be given',
  noCall: 'Do not call',
  call: 'Call',
  unsure:
    'That did not count. Look at this question for a moment, whole and uncovered, then press again.',
  cannotTell:
    'It cannot be decided here: this browser does not tell whether a page covers this question.',

  staysHere: 'nothing leaves this device',
  maySend: (full: boolean, servers: string, asks: boolean) =>
    `may send ${full ? 'text as it is' : 'masked text'} to ${servers} ${asks ? 'after asking' : 'without asking'}`,
};

export type Words = typeof en;
