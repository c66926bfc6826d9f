/** A message of the host, or null: only its envelope is read here, by hand, because every page pays for this file. */
import { BATCH_WINDOW, CALLS, STREAM_WINDOW, STREAMS } from '../core/embed-protocol.ts';
import type { CallName } from '../core/embed-protocol.ts';

/** As ToGuest, with everything inside still unchecked. */
export type HostMessage =
  | { kind: 'call'; id: number; call: CallName; args: unknown[] }
  | { kind: 'cancel' | 'end'; id: number }
  | { kind: 'push'; id: number; requests: unknown[] }
  | { kind: 'took'; id: number; n: number }
  | { kind: 'look'; look: unknown }
  | { kind: 'tokens'; accessTokens: unknown }
  | { kind: 'focus' | 'goodbye' };

/** No call has more. */
const MOST_ARGUMENTS = 4;
const NAMES: readonly unknown[] = [...CALLS, ...STREAMS];

const isCall = (name: unknown): name is CallName => NAMES.includes(name);
const isId = (id: unknown): id is number => Number.isSafeInteger(id) && (id as number) >= 0;
const isList = (list: unknown, most: number): list is unknown[] =>
  Array.isArray(list) && list.length <= most;

export function readMessage(data: unknown): HostMessage | null {
  if (typeof data !== 'object' || data === null) return null;
  const message = data as Record<string, unknown>;
  switch (message.kind) {
    case 'focus':
    case 'goodbye':
      return { kind: message.kind };
    case 'look':
      return { kind: 'look', look: message.look };
    case 'tokens':
      return { kind: 'tokens', accessTokens: message.accessTokens };
    default:
      return isId(message.id) ? readCallMessage(message, message.id) : null;
  }
}

/** Messages that belong to one call. */
function readCallMessage(
  { kind, call, args, requests, n }: Record<string, unknown>,
  id: number,
): HostMessage | null {
  switch (kind) {
    case 'call':
      return isCall(call) && isList(args, MOST_ARGUMENTS) ? { kind, id, call, args } : null;
    case 'cancel':
    case 'end':
      return { kind, id };
    case 'push':
      return isList(requests, BATCH_WINDOW) ? { kind, id, requests } : null;
    case 'took':
      return isId(n) && n > 0 && n <= STREAM_WINDOW ? { kind, id, n } : null;
    default:
      return null;
  }
}
