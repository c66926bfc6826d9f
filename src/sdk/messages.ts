/** What the frame may say, checked by its shape. Whatever is not of one of these shapes is not heard. */
import { STREAM_WINDOW, type ReadyMessage, type ToHost } from '../core/embed-protocol.ts';

type Check = (value: unknown) => boolean;
type Fields = Record<string, unknown>;

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
export const isList: Check = Array.isArray;
export const isBlob: Check = (value) => value instanceof Blob;

/** The fields that a page relies on before it looks at the rest. */
export const isAnswer: Check = (value) =>
  isObject(value) &&
  isText(value['id']) &&
  isText(value['status']) &&
  Number.isFinite(value['confidence']) &&
  isObject(value['decision']);

const isFailure: Check = (value) =>
  isObject(value) && isText(value['code']) && isText(value['message']) && isText(value['hint']);
const isRules: Check = (value) =>
  isObject(value) && isList(value['tasks']) && isList(value['layouts']);
const isEvent: Check = (value) => isObject(value) && isText(value['type']);
const isItems: Check = (value) => Array.isArray(value) && value.length <= STREAM_WINDOW;
const isLabel: Check = (value) => value === null || isText(value);
const isAny: Check = () => true;

const SHAPES: Record<ToHost['kind'], Record<string, Check>> = {
  connected: { nonce: isText, protocol: isCount, build: isText, rules: isRules },
  refused: { nonce: isText, failure: isFailure },
  accepted: { id: isCount },
  event: { id: isCount, event: isEvent },
  result: { id: isCount, value: isAny },
  failed: { id: isCount, failure: isFailure },
  want: { id: isCount, n: isCount },
  items: { id: isCount, items: isItems },
  height: { px: Number.isFinite },
  leave: {},
  answered: { answer: isAnswer },
  corrected: { answer: isAnswer, label: isLabel },
};

/** A message that came over the port, with its known fields only; null if it is none that is known. */
export function readMessage(data: unknown): ToHost | null {
  if (!isObject(data) || !isText(data['kind']) || !Object.hasOwn(SHAPES, data['kind'])) return null;
  const message: Fields = { kind: data['kind'] };
  for (const [field, fits] of Object.entries(SHAPES[data['kind'] as ToHost['kind']])) {
    if (!fits(data[field])) return null;
    message[field] = data[field];
  }
  return message as ToHost;
}

/** The frame's first message, which comes to the window; null if it is something else. */
export const readReady = (data: unknown): ReadyMessage | null =>
  isObject(data) &&
  data['flotilla'] === 'ready' &&
  isCount(data['protocol']) &&
  isText(data['challenge'])
    ? (data as unknown as ReadyMessage)
    : null;
