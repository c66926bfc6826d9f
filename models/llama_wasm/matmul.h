/** Matrix × activations: one token straight from packed rows, many tokens with rows unpacked once. */
#pragma once
#include "dot.h"

/**
 * Quantised activations of one quad (or of one token alone, QUADS = 1): all blocks' words, then all blocks' scales and
 * totals. A word's place: [block][part][token of the quad]. total = scale · sum of the integers.
 */
INLINE int32_t act_bytes(int32_t columns, int32_t tokens) {
  return columns / BLOCK * tokens * (ACT_BLOCK_BYTES + 8);
}

/** Sum of a block: wide values need two halves, or their 16-bit sums would overflow. */
INLINE v128_t dot_block(const v128_t *parts, const uint8_t *acts, int stride, int wide) {
  v128_t sum = wasm_i32x4_const_splat(0), second = sum;
  for (int p = 0; p < PARTS; p++) {
    const v128_t word = wasm_v128_load32_splat(acts + p * stride);
    if (wide && p >= PARTS / 2) second = multiply_add(second, word, parts[p]);
    else sum = multiply_add(sum, word, parts[p]);
  }
  return wide ? wasm_i32x4_add(block_sum(sum), block_sum(second)) : block_sum(sum);
}

/** One row group × one token. */
INLINE v128_t dot_group(const uint8_t *group, const uint8_t *acts, int32_t blocks, int wide) {
  const int bytes = wide ? WIDE_BYTES : NARROW_BYTES;
  const float *scales = (const float *)(acts + blocks * ACT_BLOCK_BYTES);
  v128_t result = wasm_f32x4_const_splat(0);
  for (int32_t b = 0; b < blocks; b++) {
    v128_t parts[PARTS];
    if (wide) unpack_wide(parts, group);
    else unpack_narrow(parts, group);
    const uint8_t *halves = group + bytes - HALVES_BYTES;
    result = add_block(result, dot_block(parts, acts, 4, wide), load_scales(halves),
                       load_offsets(halves), wasm_v128_load32_splat(scales),
                       wasm_v128_load32_splat(scales + 1));
    group += bytes;
    acts += ACT_BLOCK_BYTES;
    scales += 2;
  }
  return result;
}

/** Panel: a row group unpacked. For each block its parts, then d and m as (small) floats. */
#define PANEL_BLOCK_BYTES (PARTS * 16 + 32)

INLINE void unpack_group(uint8_t *panel, const uint8_t *group, int32_t blocks, int wide) {
  const int bytes = wide ? WIDE_BYTES : NARROW_BYTES;
  for (int32_t b = 0; b < blocks; b++) {
    v128_t parts[PARTS];
    if (wide) unpack_wide(parts, group);
    else unpack_narrow(parts, group);
    for (int p = 0; p < PARTS; p++) wasm_v128_store(panel + 16 * p, parts[p]);
    const uint8_t *halves = group + bytes - HALVES_BYTES;
    wasm_v128_store(panel + 16 * PARTS, load_scales(halves));
    wasm_v128_store(panel + 16 * PARTS + 16, load_offsets(halves));
    group += bytes;
    panel += PANEL_BLOCK_BYTES;
  }
}

/** One panel × the four tokens of a quad. Narrow only: the wide matrix is asked for one token at a time. */
INLINE void dot_panel(v128_t *results, const uint8_t *panel, const uint8_t *acts, int32_t blocks) {
  const float *scales = (const float *)(acts + blocks * QUAD * ACT_BLOCK_BYTES);
  v128_t r0 = wasm_f32x4_const_splat(0), r1 = r0, r2 = r0, r3 = r0;
  for (int32_t b = 0; b < blocks; b++) {
    v128_t s0 = wasm_i32x4_const_splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (int p = 0; p < PARTS; p++) {
      const v128_t part = wasm_v128_load(panel + 16 * p);
      s0 = multiply_add(s0, wasm_v128_load32_splat(acts + 16 * p), part);
      s1 = multiply_add(s1, wasm_v128_load32_splat(acts + 16 * p + 4), part);
      s2 = multiply_add(s2, wasm_v128_load32_splat(acts + 16 * p + 8), part);
      s3 = multiply_add(s3, wasm_v128_load32_splat(acts + 16 * p + 12), part);
    }
    const v128_t d = wasm_v128_load(panel + 16 * PARTS);
    const v128_t m = wasm_v128_load(panel + 16 * PARTS + 16);
#define ADD(t)                                                           \
  add_block(r##t, block_sum(s##t), d, m, wasm_v128_load32_splat(scales + t), \
            wasm_v128_load32_splat(scales + QUAD + t))
    r0 = ADD(0);
    r1 = ADD(1);
    r2 = ADD(2);
    r3 = ADD(3);
#undef ADD
    panel += PANEL_BLOCK_BYTES;
    acts += QUAD * ACT_BLOCK_BYTES;
    scales += 2 * QUAD;
  }
  results[0] = r0;
  results[1] = r1;
  results[2] = r2;
  results[3] = r3;
}
