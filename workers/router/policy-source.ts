/** Fetches policy.json. Whatever goes wrong, the result is a policy: the default, which lets nothing out. */
import { policyInForce, type PolicyInForce } from '../../src/core/policy-file.ts';

/** Longest policy file that is read, in UTF-16 units. */
const MAX_POLICY_UNITS = 262_144;

export async function loadPolicy(
  fetchFile: typeof globalThis.fetch,
  url: string,
): Promise<PolicyInForce> {
  try {
    const response = await fetchFile(url, { cache: 'no-cache', credentials: 'same-origin' });
    const text = response.ok ? await response.text() : null;
    return policyInForce(text !== null && text.length <= MAX_POLICY_UNITS ? text : null);
  } catch {
    return policyInForce(null);
  }
}
