/** A person is not asked again while the same question is still open, e.g. because the next engine asks it, too. */
import type { AskConsent, ConsentQuestion } from '../core/threads.ts';

/** One answer stands for one request only: equal texts of two requests are two questions. */
export function askOnce(ask: AskConsent): AskConsent {
  const open = new Map<string, Promise<boolean>>();
  return (question) => {
    const key = keyOf(question);
    const known = open.get(key);
    if (known) return known;
    const answer = ask(question).finally(() => open.delete(key));
    open.set(key, answer);
    return answer;
  };
}

const keyOf = ({ requestId, server, url, region, masked }: ConsentQuestion): string =>
  JSON.stringify([requestId, server, url, region, masked]);
