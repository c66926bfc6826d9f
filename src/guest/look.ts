/** What a host page may say about the looks of the widget and the purpose of its form; everything else is dropped. */
import * as v from 'valibot';
import { LAYOUTS, type EmbedRules, type Layout } from '../core/embed.ts';
import type { WidgetLook } from '../core/embed-protocol.ts';
import { MAX_TEXT_UNITS, TASKS } from '../core/request.ts';

const Short = v.pipe(v.string(), v.maxLength(200));
/** Whether it is a colour, and can be read, is seen where it is used. */
const Colour = v.pipe(v.string(), v.maxLength(64));

const Theme = v.object({
  scheme: v.exactOptional(v.picklist(['light', 'dark', 'auto'])),
  accent: v.exactOptional(Colour),
  background: v.exactOptional(Colour),
  text: v.exactOptional(Colour),
  radius: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(24))),
  font: v.exactOptional(Short),
});

export const lookEntries = {
  layout: v.exactOptional(v.picklist(LAYOUTS)),
  theme: v.exactOptional(Theme),
  language: v.exactOptional(
    v.pipe(v.string(), v.regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'must be a BCP 47 tag')),
  ),
  task: v.exactOptional(v.picklist(TASKS)),
  specialist: v.exactOptional(Short),
  text: v.exactOptional(v.pipe(v.string(), v.maxLength(MAX_TEXT_UNITS))),
};

const Look = v.object(lookEntries);

/** Null: nothing that could be taken as looks. */
export function readLook(data: unknown, rules: EmbedRules): WidgetLook | null {
  const parsed = v.safeParse(Look, data);
  return parsed.success ? allowedLook(parsed.output, rules) : null;
}

/** A layout or task that the policy does not allow here gives way to one that it does. */
export function allowedLook(look: WidgetLook, rules: EmbedRules): WidgetLook {
  const { layout, task, ...rest } = look;
  const shown: Layout | undefined =
    layout !== undefined && !rules.layouts.includes(layout) ? rules.layouts[0] : layout;
  return {
    ...rest,
    ...(shown !== undefined && { layout: shown }),
    ...(task !== undefined && rules.tasks.includes(task) && { task }),
  };
}
