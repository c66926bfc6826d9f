/** How a candidate reads in the summary, and what must be shown beside it where it cannot be rewritten. */
import { answerStatement, verbatim, type Candidate } from './candidates.ts';
import { withFigures } from './number-words.ts';
import { toldOfPatient } from './third-person.ts';
import { asSentence } from './tidy.ts';

const LEADING_YES = /^(?:yes|yeah|yep|yup|okay|right|sure|correct)[,.]?\s+(?=\S)/iu;
