/**
 * Integer dot products of 4 interleaved rows, and how weights and activations lie in memory for them.
 *
 * A row group is 4 rows; for each block of 32 columns it holds 64 (4-bit) or 128 (wide) bytes of values, then the 4
 * scales d and the 4 offsets m as half floats: weight = d · q + m with q in 0..15 or 0..31.
 * Unpacked, a block is PARTS vectors: vector p holds, for each of the 4 rows, the 4 bytes that one 32-bit word of the
 * activations is multiplied with. Both builds sum the same integers, so their results are equal to the bit.
 */
#pragma once
#include "llama.h"

#define HALVES_BYTES 16
#define NARROW_BYTES (64 + HALVES_BYTES)
#define WIDE_BYTES (128 + HALVES_BYTES)

#ifdef RELAXED
/** 4 columns a word as int8. 16-bit sums of a block: 32 · 15 · 127 / 2 fits; wide ones are summed in two halves. */
#define PARTS 8
#define WORD_COLUMNS 4
INLINE v128_t multiply_add(v128_t sum, v128_t activations, v128_t weights) {
  return wasm_i16x8_add(sum, wasm_i16x8_relaxed_dot_i8x16_i7x16(activations, weights));
}
INLINE v128_t block_sum(v128_t sum) { return wasm_i32x4_extadd_pairwise_i16x8(sum); }

/** Bytes hold the value of column c below and of column c + 16 above. */
INLINE void unpack_narrow(v128_t *parts, const uint8_t *group) {
  const v128_t low = wasm_i8x16_const_splat(15);
  for (int p = 0; p < 4; p++) {
    const v128_t packed = wasm_v128_load(group + 16 * p);
    parts[p] = wasm_v128_and(packed, low);
    parts[p + 4] = wasm_v128_and(wasm_u16x8_shr(packed, 4), low);
  }
}
INLINE void unpack_wide(v128_t *parts, const uint8_t *group) {
  for (int p = 0; p < 8; p++) parts[p] = wasm_v128_load(group + 16 * p);
}
#else
/** 2 columns a word as int16, summed in 32 bits. */
#define PARTS 16
#define WORD_COLUMNS 2
INLINE v128_t multiply_add(v128_t sum, v128_t activations, v128_t weights) {
  return wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(activations, weights));
}
INLINE v128_t block_sum(v128_t sum) { return sum; }

/** 16-bit words hold four columns that are 2 apart. */
INLINE void unpack_narrow(v128_t *parts, const uint8_t *group) {
  const v128_t low = wasm_i16x8_const_splat(15);
  for (int p = 0; p < 4; p++) {
    const v128_t packed = wasm_v128_load(group + 16 * p);
    parts[4 * p] = wasm_v128_and(packed, low);
    parts[4 * p + 1] = wasm_v128_and(wasm_u16x8_shr(packed, 4), low);
    parts[4 * p + 2] = wasm_v128_and(wasm_u16x8_shr(packed, 8), low);
    parts[4 * p + 3] = wasm_u16x8_shr(packed, 12);
  }
}
INLINE void unpack_wide(v128_t *parts, const uint8_t *group) {
  for (int p = 0; p < 8; p++) {
    parts[2 * p] = wasm_u16x8_load8x8(group + 16 * p);
    parts[2 * p + 1] = wasm_u16x8_load8x8(group + 16 * p + 8);
  }
}
#endif

#define ACT_BLOCK_BYTES (4 * PARTS)

/**
 * A half float's bits, shifted by 13, are a float that is 2^112 times too small; this holds for subnormal ones too. The
 * mask clears the copies of the sign that the shift brings into the exponent.
 */
INLINE v128_t load_halves(const uint8_t *halves) {
  const v128_t bits = wasm_i32x4_shl(wasm_i32x4_load16x4(halves), 13);
  const v128_t small = wasm_v128_and(bits, wasm_i32x4_const_splat((int32_t)0x8fffffff));
  return wasm_f32x4_mul(small, wasm_f32x4_const_splat(0x1p112f));
}
INLINE v128_t load_scales(const uint8_t *halves) { return load_halves(halves); }
INLINE v128_t load_offsets(const uint8_t *halves) { return load_halves(halves + 8); }

/** Adds a block to the result of 4 rows: every kernel rounds in this order, so that all of them give the same bits. */
INLINE v128_t add_block(v128_t result, v128_t sum, v128_t d, v128_t m, v128_t scale, v128_t total) {
  const v128_t product = wasm_f32x4_mul(wasm_f32x4_convert_i32x4(sum), wasm_f32x4_mul(d, scale));
  return wasm_f32x4_add(wasm_f32x4_add(result, product), wasm_f32x4_mul(m, total));
}
