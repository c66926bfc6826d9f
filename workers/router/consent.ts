/** Asks the person at the page whether content may leave. Silence, a lost page or an error mean no. */
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { AskConsent, ConsentQuestion } from '../../src/core/threads.ts';

export async function askForConsent(
  ask: AskConsent | null,
  question: ConsentQuestion,
  signal: AbortSignal | undefined,
): Promise<Result<null>> {
  const refused = fail('consent_denied', 'Nobody agreed to send it.');
  if (!ask) return refused;
  if (signal?.aborted) return fail('cancelled', 'The request was cancelled.');
  let onAbort: () => void = () => undefined;
  const cancelled = new Promise<'cancelled'>((resolve) => {
    onAbort = () => resolve('cancelled');
    signal?.addEventListener('abort', onAbort, { once: true });
  });
  try {
    // It comes from another thread: only a true `true` is a yes.
    const answer: unknown = await Promise.race([ask(question), cancelled]);
    if (answer === 'cancelled') return fail('cancelled', 'The request was cancelled.');
    return answer === true ? ok(null) : refused;
  } catch {
    return refused;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
