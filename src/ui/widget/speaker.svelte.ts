/** The language that the live form speaks now; the host may change it. */
import type { Speech } from './speech.ts';

export class Speaker {
  speech = $state.raw() as Speech;

  constructor(speech: Speech) {
    this.speech = speech;
  }
}
