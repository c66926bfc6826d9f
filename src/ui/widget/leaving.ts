/** What may leave the device, as one sentence, true to the policy and what the host tightened. */
import type { TaskId } from '../../core/request.ts';
import type { WidgetHost } from '../../core/widget-host.ts';
import type { Words } from './words/en.ts';

export interface Leaving {
  /** False: no content leaves this device. */
  may: boolean;
  /** "Flotilla · nothing leaves this device". */
  sentence: string;
}

/**
 * `task` is null where it is decided from the text; `keepsNothing`: nothing is kept after closing, and so nothing may leave.
 */
export function leavingOf(
  host: WidgetHost,
  task: TaskId | null,
  words: Words,
  keepsNothing = false,
): Leaving {
  const servers = keepsNothing ? [] : host.mayLeave(task);
  const sentence =
    servers.length === 0
      ? words.staysHere
      : words.maySend(
          servers.some(({ masking }) => masking === 'full'),
          servers.map(({ server, region }) => `${server} (${region})`).join(', '),
          servers.every(({ consent }) => consent === 'ask'),
        );
  const kept = keepsNothing ? `, ${words.keptNowhere}` : '';
  return { may: servers.length > 0, sentence: `Flotilla · ${sentence}${kept}` };
}

/** Paths of the shield that stands beside the sentence: ticked, or with an arrow that goes out. */
export const shieldOf = (may: boolean): [outline: string, mark: string] => [
  'M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z',
  may ? 'M12 16V9m-3 3l3-3 3 3' : 'M9 12l2 2 4-4',
];
