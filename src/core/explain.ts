/** One plain sentence for each way a request can end. */
import type { Certificate, ReasonCode, Tier } from './answer.ts';

export interface Explained {
  reason: ReasonCode;
  tier: Tier;
  title: string;
  confidence: number;
  certificate: Certificate | null;
  /** Words for a failure that stopped a tier, if one did. */
  failure: string | null;
  cut: boolean;
  /** A rule decided; nothing was guessed. */
  exact?: boolean;
}

/** Percent without false precision: 97 %, 99.4 %, never 100 % unless it is. */
export const percent = (share: number): string => {
  const value = share * 100;
  const digits = value > 99 && value < 100 ? 1 : 0;
  const text = value.toFixed(digits);
  return `${text === '100.0' ? '>99.9' : text} %`;
};

/** A promised error as it was asked for: 2 %, 0.5 %. Rounding would change the promise. */
const promised = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

const TIER_NAMES: Record<Tier, string> = {
  rules: 'The rules',
  static: 'The quick look',
  encoder: 'The encoder',
  slm: 'The local language model',
  server: 'The server',
  person: 'A person',
};

/** Why the answer is what it is. */
export function explain({
  reason,
  tier,
  title,
  confidence,
  certificate,
  failure,
  cut,
  exact = false,
}: Explained): string {
  const end = cut ? ' Only the beginning of the text was read, because it is long.' : '';
  const needed = certificate
    ? `, and ${percent(certificate.threshold)} is needed to promise at most ${promised(certificate.maxError)} error`
    : '';
  if (exact && reason === 'local_ok')
    return `“${title}” worked this out by rules; nothing was guessed.${end}`;
  return sentence(reason, { name: TIER_NAMES[tier], title, confidence, needed, failure }) + end;
}

interface Words {
  name: string;
  title: string;
  confidence: number;
  needed: string;
  failure: string | null;
}

function sentence(reason: ReasonCode, { name, title, confidence, needed, failure }: Words): string {
  switch (reason) {
    case 'local_ok':
      return `${name} was sure enough, so it went no further.`;
    case 'server_ok':
      return 'The devices’ own models were not sure enough, so a server allowed by the policy answered. Its certainty is not measured.';
    case 'out_of_scope':
      return `This does not look like anything that “${title}” knows, so a person should read it.`;
    case 'open_ended':
      return 'This asks for something to be written or worked out, which no specialist of the fleet does. The Chat page can draft it; a person should read it.';
    case 'draft':
      return `“${title}” made this on this device. A draft carries no certificate, so check it before you use it.`;
    case 'doubtful':
      return `${failure ?? 'Something does not fit together.'} So a person should look at it.`;
    case 'no_certificate':
      return `“${title}” has no certificate for the promise that the policy asks for, so a person should check the answer.`;
    case 'low_confidence':
      return `It is ${percent(confidence)} sure${needed}, so a person should check the answer.`;
    case 'review_required':
      return 'The policy wants a person to check every answer of this task.';
    case 'cancelled':
      return 'It was cancelled before there was an answer.';
    case 'deadline':
      return 'The time that the policy allows ran out before there was a sure answer.';
    case 'policy_denied':
      return failure ?? 'The policy does not allow a further step.';
    case 'consent_denied':
      return 'You kept it on this device, so a person should decide.';
    default:
      return failure ?? 'A further step was not possible, so a person should check the answer.';
  }
}
