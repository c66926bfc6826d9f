/** Output of task `chat`, as a schema that answers are held against. */
import * as v from 'valibot';

export const OutputSchema = v.strictObject({
  message: v.strictObject({ role: v.literal('assistant'), content: v.string() }),
});
