/** What a transformer layer does besides matrix products: norms, quantising, SiLU, attention of one head. */
#pragma once
#include "matmul.h"

INLINE float sum4(v128_t v) {
  return (wasm_f32x4_extract_lane(v, 0) + wasm_f32x4_extract_lane(v, 1)) +
         (wasm_f32x4_extract_lane(v, 2) + wasm_f32x4_extract_lane(v, 3));
}
INLINE float max4(v128_t v) {
  const v128_t pairs = wasm_f32x4_pmax(v, wasm_i32x4_shuffle(v, v, 2, 3, 0, 1));
  const v128_t all = wasm_f32x4_pmax(pairs, wasm_i32x4_shuffle(pairs, pairs, 1, 0, 3, 2));
  return wasm_f32x4_extract_lane(all, 0);
}

/** e^x to about 1 ulp for x in -87..88, clamped there: 2^n · a polynomial of the rest (Cephes). */
INLINE v128_t exp4(v128_t x) {
  x = wasm_f32x4_pmin(wasm_f32x4_pmax(x, wasm_f32x4_const_splat(-87.0f)), wasm_f32x4_const_splat(88.0f));
  const v128_t magic = wasm_f32x4_const_splat(12582912.0f);
  const v128_t shifted = wasm_f32x4_add(wasm_f32x4_mul(x, wasm_f32x4_const_splat(1.44269504088896341f)), magic);
  const v128_t n = wasm_f32x4_sub(shifted, magic);
  v128_t r = wasm_f32x4_sub(x, wasm_f32x4_mul(n, wasm_f32x4_const_splat(0.693359375f)));
  r = wasm_f32x4_add(r, wasm_f32x4_mul(n, wasm_f32x4_const_splat(2.12194440e-4f)));
  v128_t y = wasm_f32x4_const_splat(1.9875691500e-4f);
#define STEP(c) y = wasm_f32x4_add(wasm_f32x4_mul(y, r), wasm_f32x4_const_splat(c))
  STEP(1.3981999507e-3f);
  STEP(8.3334519073e-3f);
  STEP(4.1665795894e-2f);
  STEP(1.6666665459e-1f);
  STEP(5.0000001201e-1f);
#undef STEP
  y = wasm_f32x4_add(wasm_f32x4_add(wasm_f32x4_mul(y, wasm_f32x4_mul(r, r)), r), wasm_f32x4_const_splat(1.0f));
  const v128_t exponent = wasm_i32x4_shl(wasm_i32x4_sub(shifted, magic), 23);
  return (v128_t)wasm_i32x4_add(y, exponent);
}

/** out = x / rms(x) · weight. */
INLINE void rms_norm(float *out, const float *x, const float *weight, int32_t n, float eps) {
  v128_t squares = wasm_f32x4_const_splat(0);
  for (int32_t i = 0; i < n; i += 4) {
    const v128_t v = wasm_v128_load(x + i);
    squares = wasm_f32x4_add(squares, wasm_f32x4_mul(v, v));
  }
  const v128_t scale = wasm_f32x4_splat(1.0f / __builtin_sqrtf(sum4(squares) / (float)n + eps));
  for (int32_t i = 0; i < n; i += 4)
    wasm_v128_store(out + i, wasm_f32x4_mul(wasm_f32x4_mul(wasm_v128_load(x + i), scale), wasm_v128_load(weight + i)));
}

/** gate = SiLU(gate) · up, in place. */
INLINE void silu_times(float *gate, const float *up, int32_t n) {
  const v128_t one = wasm_f32x4_const_splat(1.0f);
  for (int32_t i = 0; i < n; i += 4) {
    const v128_t g = wasm_v128_load(gate + i);
    const v128_t silu = wasm_f32x4_div(g, wasm_f32x4_add(one, exp4(wasm_f32x4_neg(g))));
    wasm_v128_store(gate + i, wasm_f32x4_mul(silu, wasm_v128_load(up + i)));
  }
}

/** Writes token `t` of a group of `tokens` (4: quad, 1: alone). Rounds to nearest by a float whose ulp is 1. */
INLINE void quantise(uint8_t *acts, const float *x, int32_t columns, int32_t t, int32_t tokens) {
  const int32_t blocks = columns / BLOCK;
  float *scales = (float *)(acts + blocks * tokens * ACT_BLOCK_BYTES) + t;
  const v128_t magic = wasm_f32x4_const_splat(12582912.0f);
  acts += 4 * t;
  for (int32_t b = 0; b < blocks; b++) {
    v128_t v[8], largest = wasm_f32x4_const_splat(0), sum = largest;
    for (int i = 0; i < 8; i++) {
      v[i] = wasm_v128_load(x + 4 * i);
      largest = wasm_f32x4_pmax(largest, wasm_f32x4_abs(v[i]));
    }
    const float top = max4(largest);
    const v128_t inverse = wasm_f32x4_splat(top > 0 ? 127.0f / top : 0);
    for (int i = 0; i < 8; i++) {
      v[i] = wasm_i32x4_sub(wasm_f32x4_add(wasm_f32x4_mul(v[i], inverse), magic), magic);
      sum = wasm_i32x4_add(sum, v[i]);
    }
    for (int i = 0; i < 8; i += 2) {
      const v128_t shorts = wasm_i16x8_narrow_i32x4(v[i], v[i + 1]);
#ifdef RELAXED
      const v128_t words = wasm_i8x16_narrow_i16x8(shorts, shorts);
      wasm_v128_store32_lane(acts + 4 * i * tokens, words, 0);
      wasm_v128_store32_lane(acts + 4 * (i + 1) * tokens, words, 1);
#else
      wasm_v128_store32_lane(acts + 8 * i * tokens, shorts, 0);
      wasm_v128_store32_lane(acts + 4 * (2 * i + 1) * tokens, shorts, 1);
      wasm_v128_store32_lane(acts + 4 * (2 * i + 2) * tokens, shorts, 2);
      wasm_v128_store32_lane(acts + 4 * (2 * i + 3) * tokens, shorts, 3);
#endif
    }
    const int32_t total = (wasm_i32x4_extract_lane(sum, 0) + wasm_i32x4_extract_lane(sum, 1)) +
                          (wasm_i32x4_extract_lane(sum, 2) + wasm_i32x4_extract_lane(sum, 3));
    const float scale = top / 127.0f;
    scales[0] = scale;
    scales[tokens] = scale * (float)total;
    scales += 2 * tokens;
    acts += tokens * ACT_BLOCK_BYTES;
    x += BLOCK;
  }
}

/**
 * Key-value cache. A page holds, for each layer, the keys of 64 positions as [kv head][position / 4][dim][4 positions],
 * then the values as [kv head][position][dim].
 */
INLINE float *page_of(const Config *c, int32_t layer, int32_t position) {
  return (float *)(c->kv + (position / PAGE) * c->page_bytes) + layer * 2 * PAGE * c->kv_heads * c->head_dim;
}

/** scores[j] = q · key j / sqrt(head_dim), for j < count rounded up to 16. */
INLINE void score_keys(const Config *c, float *scores, const float *q, int32_t layer, int32_t kv_head, int32_t count) {
  const int32_t dims = c->head_dim;
  const v128_t scale = wasm_f32x4_splat(1.0f / __builtin_sqrtf((float)dims));
  for (int32_t j = 0; j < count; j += 16) {
    const float *k = page_of(c, layer, j) + kv_head * PAGE * dims + j % PAGE * dims;
    v128_t s0 = wasm_f32x4_const_splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (int32_t d = 0; d < dims; d++) {
      const v128_t one = wasm_v128_load32_splat(q + d);
      s0 = wasm_f32x4_add(s0, wasm_f32x4_mul(one, wasm_v128_load(k + 4 * d)));
      s1 = wasm_f32x4_add(s1, wasm_f32x4_mul(one, wasm_v128_load(k + 4 * (d + dims))));
      s2 = wasm_f32x4_add(s2, wasm_f32x4_mul(one, wasm_v128_load(k + 4 * (d + 2 * dims))));
      s3 = wasm_f32x4_add(s3, wasm_f32x4_mul(one, wasm_v128_load(k + 4 * (d + 3 * dims))));
    }
    wasm_v128_store(scores + j, wasm_f32x4_mul(s0, scale));
    wasm_v128_store(scores + j + 4, wasm_f32x4_mul(s1, scale));
    wasm_v128_store(scores + j + 8, wasm_f32x4_mul(s2, scale));
    wasm_v128_store(scores + j + 12, wasm_f32x4_mul(s3, scale));
  }
}

/** Turns scores into weights that are not yet divided by their sum, which is returned. */
INLINE float soften(float *scores, int32_t count) {
  for (int32_t j = count; j % 4 != 0; j++) scores[j] = -1e30f;
  v128_t top = wasm_f32x4_const_splat(-1e30f);
  for (int32_t j = 0; j < count; j += 4) top = wasm_f32x4_pmax(top, wasm_v128_load(scores + j));
  top = wasm_f32x4_splat(max4(top));
  v128_t sum = wasm_f32x4_const_splat(0);
  for (int32_t j = 0; j < count; j += 4) {
    const v128_t e = exp4(wasm_f32x4_sub(wasm_v128_load(scores + j), top));
    wasm_v128_store(scores + j, e);
    sum = wasm_f32x4_add(sum, e);
  }
  for (int32_t j = count; j % 4 != 0; j++) scores[j] = 0;
  return sum4(sum);
}

/** out = sum of weight j · value j, divided by `sum`; 32 dims at a time stay in registers. */
INLINE void mix_values(const Config *c, float *out, const float *weights, float sum, int32_t layer, int32_t kv_head, int32_t count) {
  const int32_t dims = c->head_dim;
  const int32_t values = PAGE * c->kv_heads * dims + kv_head * PAGE * dims;
  const v128_t inverse = wasm_f32x4_splat(1.0f / sum);
  for (int32_t d = 0; d < dims; d += 32) {
    v128_t r[8];
    for (int i = 0; i < 8; i++) r[i] = wasm_f32x4_const_splat(0);
    for (int32_t page = 0; page < count; page += PAGE) {
      const float *v = page_of(c, layer, page) + values + d;
      const int32_t end = count - page < PAGE ? count - page : PAGE;
      for (int32_t j = 0; j < end; j++) {
        const v128_t w = wasm_v128_load32_splat(weights + page + j);
        for (int i = 0; i < 8; i++)
          r[i] = wasm_f32x4_add(r[i], wasm_f32x4_mul(w, wasm_v128_load(v + j * dims + 4 * i)));
      }
    }
    for (int i = 0; i < 8; i++) wasm_v128_store(out + d + 4 * i, wasm_f32x4_mul(r[i], inverse));
  }
}
