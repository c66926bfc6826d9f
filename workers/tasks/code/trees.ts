/** Gradient-boosted trees as data, and the calibrated probability that they give. */
import * as v from 'valibot';

const Numbers = v.array(v.number());

export const TreesSchema = v.object({
  /** Names of the features, in order: a file for other features is refused. */
  features: v.array(v.string()),
  trees: v.array(
    v.object({
      /** Of inner node i: the feature, and the value up to which the way goes left. */
      feature: Numbers,
      threshold: Numbers,
      /** The next node; a leaf as -1 - its number. */
      left: Numbers,
      right: Numbers,
      leaf: Numbers,
    }),
  ),
  /** P = sigmoid(slope · sum of leaves + offset), fitted on held-out notes. */
  calibration: v.object({ slope: v.number(), offset: v.number() }),
  /** P from which a candidate is rather right than wrong: best F1 on held-out training notes. */
  threshold: v.number(),
});
export type Trees = v.InferOutput<typeof TreesSchema>;

function leafOf(tree: Trees['trees'][number], rows: Float32Array, at: number): number {
  let node = tree.feature.length > 0 ? 0 : -1;
  while (node >= 0) {
    const value = rows[at + (tree.feature[node] ?? 0)] ?? 0;
    const next = value <= (tree.threshold[node] ?? 0) ? tree.left[node] : tree.right[node];
    node = next ?? -1;
  }
  return tree.leaf[-1 - node] ?? 0;
}

/** Calibrated P of the row that starts at `at`. */
export function probabilityOf(
  { trees, calibration }: Trees,
  rows: Float32Array,
  at: number,
): number {
  let sum = 0;
  for (const tree of trees) sum += leafOf(tree, rows, at);
  return 1 / (1 + Math.exp(-(calibration.slope * sum + calibration.offset)));
}
