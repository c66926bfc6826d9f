/** Secrets that show by their own form: keys of well-known makers, tokens, private keys. */

const FORMS = [
  String.raw`(?:sk|pk|rk)[-_](?:live[-_]|test[-_]|proj[-_]|ant[-_])?[A-Za-z0-9_-]{12,200}`,
  String.raw`gh[pousr]_[A-Za-z0-9]{20,255}`,
  String.raw`github_pat_[A-Za-z0-9_]{20,255}`,
  String.raw`glpat-[A-Za-z0-9_-]{16,64}`,
  String.raw`xox[abeoprs]-[A-Za-z0-9-]{10,250}`,
  String.raw`(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}`,
  String.raw`AIza[A-Za-z0-9_-]{30,45}`,
  String.raw`ya29\.[A-Za-z0-9_-]{20,400}`,
  String.raw`hf_[A-Za-z0-9]{20,64}`,
  String.raw`npm_[A-Za-z0-9]{30,64}`,
  String.raw`SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}`,
  String.raw`eyJ[A-Za-z0-9_-]{4,2000}(?:\.[A-Za-z0-9_-]{1,4000}){0,2}(?:\.\.\.)?`,
].join('|');
const SECRET = new RegExp(`(?<![\\w-])(?:${FORMS})(?![\\w-])`, 'g');
const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----/g;
const KEY_LINE = /[A-Za-z0-9+/=]{16,128}/g;
const LONGEST_KEY = 8192;

/** The lines of a private key are single spans: none holds a line break. */
export function findSecrets(text: string): [number, number][] {
  const found: [number, number][] = [...text.matchAll(SECRET)].map((match) => [
    match.index,
    match.index + match[0].length,
  ]);
  for (const match of text.matchAll(PRIVATE_KEY)) {
    const from = match.index + match[0].length;
    const near = text.slice(from, from + LONGEST_KEY);
    const close = near.indexOf('-----');
    const end = from + (close < 0 ? near.length : close);
    for (const line of text.slice(from, end).matchAll(KEY_LINE))
      found.push([from + line.index, from + line.index + line[0].length]);
  }
  return found.sort((a, b) => a[0] - b[0]);
}
