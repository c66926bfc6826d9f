/**
 * One pass of a Llama-shaped model over up to a few dozen tokens, by one or more lanes.
 *
 * Every lane runs `pass` with its own number over the same memory. Each step's work is handed out by a counter, so a
 * lane that the system holds up takes less of it; a barrier ends the step. Which lane computes what never changes a bit
 * of the result: each row, head and token is computed by the same instructions in the same order.
 */
#include "lanes.h"
#include "layers.h"

/** Row groups handed out at once: enough work to hide the counter, few enough to share fairly. */
#define SHARE 16

/** One lane's view of a pass. */
typedef struct {
  Config *c;
  int32_t *counter;
  uint8_t *panel, *acts;
  float *scores;
} Lane;

/** What becomes of a product: `v` holds rows row … row + 3 of token t. */
enum Use { TO_HIDDEN, TO_RESIDUAL, TO_HEADS };

INLINE void keep_key(const Config *c, int32_t layer, int32_t position, int32_t row, v128_t v) {
  const int32_t dims = c->head_dim, head = row / dims, d = row % dims;
  float *k = page_of(c, layer, position) + (head * PAGE + position % PAGE / 4 * 4) * dims + 4 * d + position % 4;
  k[0] = wasm_f32x4_extract_lane(v, 0);
  k[4] = wasm_f32x4_extract_lane(v, 1);
  k[8] = wasm_f32x4_extract_lane(v, 2);
  k[12] = wasm_f32x4_extract_lane(v, 3);
}

INLINE void keep_value(const Config *c, int32_t layer, int32_t position, int32_t row, v128_t v) {
  const int32_t dims = c->head_dim, head = row / dims, d = row % dims;
  float *values = page_of(c, layer, position) + PAGE * c->kv_heads * dims;
  wasm_v128_store(values + (head * PAGE + position % PAGE) * dims + d, v);
}

/** Rotates the pairs (row, row + 1) and (row + 2, row + 3): the order in which GGUF stores Llama's heads. */
INLINE v128_t rotate(const Config *c, int32_t position, int32_t row, v128_t v) {
  const float *table = c->rope + position * c->head_dim + row % c->head_dim;
  const v128_t turns = wasm_v128_load(table);
  const v128_t cosines = wasm_i32x4_shuffle(turns, turns, 0, 0, 2, 2);
  const v128_t sines = wasm_f32x4_mul(wasm_i32x4_shuffle(turns, turns, 1, 1, 3, 3), wasm_f32x4_const(-1, 1, -1, 1));
  const v128_t swapped = wasm_i32x4_shuffle(v, v, 1, 0, 3, 2);
  return wasm_f32x4_add(wasm_f32x4_mul(v, cosines), wasm_f32x4_mul(swapped, sines));
}

INLINE void use(const Config *c, enum Use what, int32_t layer, int32_t row, int32_t t, v128_t v) {
  if (what == TO_HIDDEN) {
    wasm_v128_store(c->hidden + t * 2 * c->ffn + row, v);
  } else if (what == TO_RESIDUAL) {
    float *x = c->x + t * c->dim + row;
    wasm_v128_store(x, wasm_f32x4_add(wasm_v128_load(x), v));
  } else {
    const int32_t queries = c->heads * c->head_dim, keys = c->kv_heads * c->head_dim;
    const int32_t position = c->position + t;
    if (row < queries) wasm_v128_store(c->q + t * queries + row, rotate(c, position, row, v));
    else if (row < queries + keys) keep_key(c, layer, position, row - queries, rotate(c, position, row - queries, v));
    else keep_value(c, layer, position, row - queries - keys, v);
  }
}

/** Row groups from … end of a matrix times the activations of one token. */
OFTEN void multiply_one(Lane *lane, const uint8_t *matrix, int32_t from, int32_t end, int32_t blocks, enum Use what, int32_t layer) {
  for (int32_t g = from; g < end; g++) {
    const v128_t result = dot_group(matrix + g * blocks * NARROW_BYTES, lane->acts, blocks, 0);
    use(lane->c, what, layer, g * ROWS, 0, result);
  }
}

/** The same for the activations of all tokens. */
OFTEN void multiply_many(Lane *lane, const uint8_t *matrix, int32_t from, int32_t end, int32_t blocks, enum Use what, int32_t layer) {
  const Config *c = lane->c;
  for (int32_t g = from; g < end; g++) {
    unpack_group(lane->panel, matrix + g * blocks * NARROW_BYTES, blocks, 0);
    const uint8_t *acts = c->shared_acts;
    for (int32_t t = 0; t < c->token_count; t += QUAD, acts += act_bytes(blocks * BLOCK, QUAD)) {
      v128_t results[QUAD];
      dot_panel(results, lane->panel, acts, blocks);
      for (int i = 0; i < QUAD; i++)
        if (t + i < c->token_count) use(c, what, layer, g * ROWS, t + i, results[i]);
    }
  }
}

/** rows × columns matrix times the quantised activations of all tokens. Ends with a barrier. */
static int multiply(Lane *lane, const uint8_t *matrix, int32_t rows, int32_t columns, enum Use what, int32_t layer) {
  Config *c = lane->c;
  const int32_t groups = rows / ROWS;
  int32_t *counter = lane->counter++;
  for (int32_t from = take(counter, SHARE); from < groups; from = take(counter, SHARE)) {
    const int32_t end = from + SHARE < groups ? from + SHARE : groups;
    if (c->token_count == 1) multiply_one(lane, matrix, from, end, columns / BLOCK, what, layer);
    else multiply_many(lane, matrix, from, end, columns / BLOCK, what, layer);
  }
  return barrier(c);
}

/** What is quantised before a product. `out` has room for one row. */
enum Source { NORMED, ATTENDED, GATED };

INLINE const float *source_row(const Config *c, enum Source source, const float *norm, int32_t t, float *out) {
  if (source == NORMED) {
    rms_norm(out, c->x + t * c->dim, norm, c->dim, c->eps);
    return out;
  }
  if (source == ATTENDED) return c->attended + t * c->heads * c->head_dim;
  float *gate = c->hidden + t * 2 * c->ffn;
  for (int32_t i = 0; i < c->ffn; i++) out[i] = gate[i];
  silu_times(out, gate + c->ffn, c->ffn);
  return out;
}

OFTEN void prepare_row(Lane *lane, enum Source source, const float *norm, int32_t columns, int32_t t, uint8_t *acts, int32_t tokens) {
  quantise(acts, source_row(lane->c, source, norm, t, (float *)lane->panel), columns, t % tokens, tokens);
}

/** One token: each lane for itself, which is cheaper than a barrier. More: shared out, then a barrier. */
static int prepare(Lane *lane, enum Source source, const float *norm, int32_t columns) {
  Config *c = lane->c;
  if (c->token_count == 1) {
    prepare_row(lane, source, norm, columns, 0, lane->acts, 1);
    return 1;
  }
  int32_t *counter = lane->counter++;
  for (int32_t t = take(counter, 1); t < c->token_count; t = take(counter, 1))
    prepare_row(lane, source, norm, columns, t, c->shared_acts + t / QUAD * act_bytes(columns, QUAD), QUAD);
  return barrier(c);
}

OFTEN void attend_head(Lane *lane, int32_t layer, int32_t t, int32_t head) {
  const Config *c = lane->c;
  const int32_t kv_head = head / (c->heads / c->kv_heads), count = c->position + t + 1;
  const int32_t place = (t * c->heads + head) * c->head_dim;
  score_keys(c, lane->scores, c->q + place, layer, kv_head, count);
  const float sum = soften(lane->scores, count);
  mix_values(c, c->attended + place, lane->scores, sum, layer, kv_head, count);
}

static int attend(Lane *lane, int32_t layer) {
  Config *c = lane->c;
  const int32_t items = c->token_count * c->heads;
  int32_t *counter = lane->counter++;
  for (int32_t item = take(counter, 1); item < items; item = take(counter, 1))
    attend_head(lane, layer, item / c->heads, item % c->heads);
  return barrier(c);
}

/** The row of a wide matrix as floats. */
OFTEN void read_row(float *out, const uint8_t *matrix, int32_t row, int32_t columns) {
  const int32_t blocks = columns / BLOCK, r = row % ROWS;
  const uint8_t *group = matrix + row / ROWS * blocks * WIDE_BYTES;
  for (int32_t b = 0; b < blocks; b++, group += WIDE_BYTES, out += BLOCK) {
    float d[ROWS], m[ROWS];
    wasm_v128_store(d, load_scales(group + 128));
    wasm_v128_store(m, load_offsets(group + 128));
    for (int i = 0; i < BLOCK; i++) {
      const int word = i / WORD_COLUMNS, byte = (word * ROWS + r) * WORD_COLUMNS + i % WORD_COLUMNS;
      out[i] = d[r] * (float)group[byte] + m[r];
    }
  }
}

static int embed(Lane *lane) {
  Config *c = lane->c;
  int32_t *counter = lane->counter++;
  for (int32_t t = take(counter, 1); t < c->token_count; t = take(counter, 1))
    read_row(c->x + t * c->dim, c->embedding, c->tokens[t], c->dim);
  return barrier(c);
}

OFTEN void project_groups(Lane *lane, int32_t from, int32_t end) {
  const Config *c = lane->c;
  const int32_t blocks = c->dim / BLOCK;
  for (int32_t g = from; g < end; g++)
    wasm_v128_store(c->logits + g * ROWS, dot_group(c->head + g * blocks * WIDE_BYTES, lane->acts, blocks, 1));
}

/** Logits of the last token. */
static int project(Lane *lane) {
  Config *c = lane->c;
  const int32_t groups = c->vocab / ROWS;
  float *row = (float *)lane->panel;
  rms_norm(row, c->x + (c->token_count - 1) * c->dim, c->final_norm, c->dim, c->eps);
  quantise(lane->acts, row, c->dim, 0, 1);
  int32_t *counter = lane->counter++;
  for (int32_t from = take(counter, SHARE); from < groups; from = take(counter, SHARE)) {
    project_groups(lane, from, from + SHARE < groups ? from + SHARE : groups);
  }
  return barrier(c);
}

/** 1 when all of it was computed; 0 when a lane was lost. */
OFTEN int pass(Config *c, int32_t number) {
  uint8_t *scratch = c->scratch + number * c->scratch_bytes;
  Lane lane = {c, c->counters, scratch, scratch + c->panel_bytes, (float *)(scratch + c->panel_bytes + c->act_bytes)};
  const int32_t heads = c->heads * c->head_dim;
  // Read now: after the last barrier lane 0 may fill in the next pass before another lane gets here.
  const int32_t want_logits = c->want_logits;
  if (!embed(&lane)) return 0;
  for (int32_t l = 0; l < c->layers; l++) {
    const Layer *w = &c->layer[l];
    if (!prepare(&lane, NORMED, w->attention_norm, c->dim)) return 0;
    if (!multiply(&lane, w->qkv, heads + 2 * c->kv_heads * c->head_dim, c->dim, TO_HEADS, l)) return 0;
    if (!attend(&lane, l)) return 0;
    if (!prepare(&lane, ATTENDED, 0, heads)) return 0;
    if (!multiply(&lane, w->output, c->dim, heads, TO_RESIDUAL, l)) return 0;
    if (!prepare(&lane, NORMED, w->ffn_norm, c->dim)) return 0;
    if (!multiply(&lane, w->gate_up, 2 * c->ffn, c->dim, TO_HIDDEN, l)) return 0;
    if (!prepare(&lane, GATED, 0, c->ffn)) return 0;
    if (!multiply(&lane, w->down, c->dim, c->ffn, TO_RESIDUAL, l)) return 0;
  }
  return want_logits ? project(&lane) : 1;
}

/** Lane 0: starts a pass for all lanes and takes part in it. Returns 1, or 0 when the engine is broken. */
EXPORT("run") int32_t run(Config *c) {
  for (int32_t i = 0; i < c->counter_count; i++) c->counters[i] = 0;
#ifdef THREADS
  __atomic_add_fetch(&c->epoch, 1, __ATOMIC_ACQ_REL);
  __builtin_wasm_memory_atomic_notify(&c->epoch, 0x7fffffff);
#endif
  return pass(c, 0);
}

#ifdef THREADS
/** Any other lane: takes part in every pass from `epoch` on; returns when the engine is broken. */
EXPORT("serve") void serve(Config *c, int32_t number, int32_t epoch) {
  for (;;) {
    wait_for_change(&c->epoch, epoch, -1);
    epoch++;
    if (__atomic_load_n(&c->broken, __ATOMIC_ACQUIRE) || !pass(c, number)) return;
  }
}
#endif
