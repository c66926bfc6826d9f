/** Search in a short list: every word of the query must occur; names that start with the query come first. */
export interface PickerItem {
  id: string;
  title: string;
  /** Shown small, searched too. */
  detail?: string;
  shortcut?: string;
}

export function matching(items: PickerItem[], query: string): PickerItem[] {
  const whole = query.trim().toLowerCase();
  if (whole === '') return items;
  const words = whole.split(/\s+/);
  const rank = (item: PickerItem): number => (item.title.toLowerCase().startsWith(whole) ? 0 : 1);
  return items
    .filter((item) => {
      const text = `${item.title} ${item.id} ${item.detail ?? ''}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => rank(a) - rank(b));
}
