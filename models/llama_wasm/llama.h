/** The one structure that JavaScript and all lanes share, and the vocabulary of the engine. No libc, no static data. */
#pragma once
#include <stdint.h>
#include <wasm_simd128.h>

#define INLINE static inline __attribute__((always_inline))
/**
 * Engines compile a function better only after it was called a while, and swap it at the next call. What takes time is
 * therefore in functions that are called often; the endless loop of a lane must not swallow them.
 */
#define OFTEN static __attribute__((noinline))
#define EXPORT(name) __attribute__((export_name(name)))

/** Weights and activations share one scale per so many elements, as in GGUF's block formats. */
#define BLOCK 32
/** Rows of a matrix that lie interleaved: one per lane of an i32x4. */
#define ROWS 4
/** Tokens that are multiplied with unpacked weights at once. */
#define QUAD 4
/** Positions of one page of the key-value cache. */
#define PAGE 64

/**
 * Addresses are bytes from the start of the memory; engine.ts lays everything out and fills this in. All fields are 32
 * bits wide, in this order: a change here is a change of CONFIG in memory-layout.ts.
 */
typedef struct {
  int32_t layers, dim, heads, kv_heads, head_dim, ffn, vocab;
  int32_t lanes;
  float eps;
  /** [position][head_dim / 2] of (cos, sin). */
  float *rope;
  /** [layers] of Layer. */
  struct Layer *layer;
  float *final_norm;
  /** Wide matrices, vocab × dim; one and the same where the model ties them. */
  uint8_t *embedding, *head;
  float *logits;
  /** [tokens × dim]: the residual stream. */
  float *x;
  /** [tokens × heads · head_dim]. */
  float *q, *attended;
  /** [tokens × 2 · ffn]: gate, then up. */
  float *hidden;
  /** Quantised activations of all tokens, in quads. */
  uint8_t *shared_acts;
  /** Private to each lane: unpacked weights, activations of one token, scores of one head. */
  uint8_t *scratch;
  int32_t scratch_bytes, panel_bytes, act_bytes;
  uint8_t *kv;
  int32_t page_bytes;
  /** One work counter per step of a pass. */
  int32_t *counters;
  int32_t counter_count;
  /** The pass: token ids, how many, the position of the first, and whether the last one's logits are wanted. */
  int32_t *tokens;
  int32_t token_count, position, want_logits;
  /** Grows by one per pass; lanes wait for it. */
  int32_t epoch;
  int32_t arrived, generation;
  /** Set when a lane did not arrive in time: the engine is of no use any more. */
  int32_t broken;
} Config;

/** Addresses of one layer's weights. */
typedef struct Layer {
  float *attention_norm;
  uint8_t *qkv, *output;
  float *ffn_norm;
  uint8_t *gate_up, *down;
} Layer;
