/** Labels and names as words. */

/** "card_payment_fee_charged" → "Card payment fee charged"; an id stays readable whatever its style. */
export function labelWords(label: string): string {
  const words = label
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_\-/.:]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/\?$/, '')
    .trim();
  if (words === '') return label;
  const lower =
    words === words.toUpperCase()
      ? words
      : words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
  return lower;
}
