/** Reads the logits of a pass: the likeliest token and what its probability is measured from. */
#include "layers.h"

/** The first of the largest logits; -1 where they are not numbers. `count` is a multiple of 4. */
EXPORT("likeliest") int32_t likeliest(const float *logits, int32_t count) {
  v128_t top = wasm_f32x4_const_splat(-1e38f);
  for (int32_t i = 0; i < count; i += 4) top = wasm_f32x4_max(top, wasm_v128_load(logits + i));
  const float largest = max4(top);
  for (int32_t i = 0; i < count; i++)
    if (logits[i] == largest) return i;
  return -1;
}

/** Sum of e^(logit - top) over the logits that are at most 25 below `top`: the others do not count (next-token.ts). */
EXPORT("exp_sum") float exp_sum(const float *logits, int32_t count, float top) {
  const v128_t shift = wasm_f32x4_splat(top), least = wasm_f32x4_const_splat(-25.0f);
  v128_t sum = wasm_f32x4_const_splat(0);
  for (int32_t i = 0; i < count; i += 4) {
    const v128_t below = wasm_f32x4_sub(wasm_v128_load(logits + i), shift);
    sum = wasm_f32x4_add(sum, wasm_v128_and(exp4(below), wasm_f32x4_gt(below, least)));
  }
  return sum4(sum);
}
