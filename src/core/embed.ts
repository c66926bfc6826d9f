/** Who may embed the widget, and what for: decided from the policy alone. */
import type { Policy } from './policy-schema.ts';
import { TASKS, type TaskId } from './request.ts';

/** Sizes of the widget: one line, a card, everything. */
export const LAYOUTS = ['compact', 'card', 'full'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** What one origin may do with the widget. */
export interface EmbedRules {
  tasks: readonly TaskId[];
  layouts: readonly Layout[];
  /** May it train, import, export and read the audit log, besides asking for answers? */
  manage: boolean;
}

const EVERYTHING: EmbedRules = { tasks: TASKS, layouts: LAYOUTS, manage: true };

/**
 * The rules for a page that embeds the widget; null: it may not. Flotilla's own origin may do everything, since its pages
 * could start the engine themselves. An origin under `frame_ancestors` alone may do what the policy allows a person.
 */
export function embedRulesFor(policy: Policy, host: string, own: string): EmbedRules | null {
  if (host === own) return EVERYTHING;
  const entry = policy.embeds.find(({ origin }) => origin === host);
  if (entry) return { tasks: entry.tasks, layouts: entry.layouts, manage: entry.manage };
  return policy.frame_ancestors.includes(host) ? EVERYTHING : null;
}

/** The layout that is shown: the host's wish if the policy lets it, else the first that it does. */
export function layoutFor(rules: EmbedRules, wish: Layout = 'card'): Layout {
  return rules.layouts.includes(wish) ? wish : (rules.layouts[0] ?? 'compact');
}
