/** Points of a summary by their section, and as text. */
import type { SummarizeOutput, SummaryPoint } from '../../core/outputs.ts';

export interface SummarySection {
  /** Empty where the points belong to no section. */
  name: string;
  points: { point: SummaryPoint; index: number }[];
}

/** In the order in which the sections first appear. */
export function sectionsOf(points: readonly SummaryPoint[]): SummarySection[] {
  const sections = new Map<string, SummarySection>();
  for (const [index, point] of points.entries()) {
    const name = point.section ?? '';
    const section = sections.get(name) ?? { name, points: [] };
    section.points.push({ point, index });
    sections.set(name, section);
  }
  return [...sections.values()];
}

/** The summary as plain text with a dash before each point. */
export function pointsText({ summary, points }: SummarizeOutput): string {
  const lists = sectionsOf(points).map(({ name, points: own }) =>
    [...(name === '' ? [] : [`${name}:`]), ...own.map(({ point }) => `- ${point.text}`)].join('\n'),
  );
  return (points.length === 0 ? [summary] : lists).join('\n\n');
}
