/** Re-lays GGUF blocks into row groups, losslessly. */
#include "layers.h"

/** A block of a GGUF file as d · q + m. Half floats stay half floats; m = -8 d and -16 d are exact in them. */
typedef struct {
  uint16_t d, m;
  uint8_t q[BLOCK];
} Block;

enum Format { Q4_0 = 2, Q4_1 = 3, Q5_0 = 6, Q5_1 = 7 };

static int32_t bytes_of(int32_t format) {
  return format == Q4_0 ? 18 : format == Q4_1 ? 20 : format == Q5_0 ? 22 : 24;
}

INLINE uint16_t read16(const uint8_t *at) { return (uint16_t)(at[0] | at[1] << 8); }

/** The half float h · -2^power. Zero stays zero; subnormal ones are shifted. */
static uint16_t minus_times_power(uint16_t h, int power) {
  const uint16_t sign = (uint16_t)(~h & 0x8000);
  uint16_t rest = h & 0x7fff;
  if (rest == 0) return 0;
  for (; power > 0; power--) rest = rest < 0x400 ? (uint16_t)(rest << 1) : (uint16_t)(rest + 0x400);
  return (uint16_t)(sign | rest);
}

static void read_block(Block *block, const uint8_t *at, int32_t format) {
  const int has_m = format == Q4_1 || format == Q5_1, has_high = format >= Q5_0;
  block->d = read16(at);
  block->m = has_m ? read16(at + 2) : minus_times_power(block->d, has_high ? 4 : 3);
  const uint8_t *values = at + (has_m ? 4 : 2);
  uint32_t high = 0;
  if (has_high) {
    for (int i = 0; i < 4; i++) high |= (uint32_t)values[i] << (8 * i);
    values += 4;
  }
  for (int i = 0; i < BLOCK / 2; i++) {
    block->q[i] = (uint8_t)((values[i] & 15) | ((high >> i & 1) << 4));
    block->q[i + 16] = (uint8_t)((values[i] >> 4) | ((high >> (i + 16) & 1) << 4));
  }
}

/** The inverse of unpack_narrow and unpack_wide for row r of a group. */
static void place_row(uint8_t *group, const Block *block, int r, int wide) {
  for (int i = 0; i < BLOCK; i++) {
    const int word = i / WORD_COLUMNS, in_word = i % WORD_COLUMNS;
    if (wide) {
      group[(word * ROWS + r) * WORD_COLUMNS + in_word] = block->q[i];
      continue;
    }
#ifdef RELAXED
    if (i < 16) group[(word * ROWS + r) * 4 + in_word] = (uint8_t)(block->q[i] | block->q[i + 16] << 4);
#else
    uint8_t *at = group + word / 4 * 16 + (r * 2 + in_word) * 2 + (word % 4) / 2;
    const int shift = word % 2 * 4;
    *at = (uint8_t)((*at & ~(15 << shift)) | block->q[i] << shift);
#endif
  }
}

/**
 * Packs rows of a GGUF tensor. `format` is ggml's type number; 5-bit formats need wide groups. `rows` is a multiple of 4,
 * `columns` of 32. Returns the bytes written.
 */
EXPORT("pack") int32_t pack(uint8_t *out, const uint8_t *in, int32_t rows, int32_t columns, int32_t format, int32_t wide) {
  const int32_t blocks = columns / BLOCK, stride = bytes_of(format);
  const int32_t group_bytes = wide ? WIDE_BYTES : NARROW_BYTES;
  const uint8_t *start = out;
  for (int32_t row = 0; row < rows; row += ROWS)
    for (int32_t b = 0; b < blocks; b++, out += group_bytes)
      for (int r = 0; r < ROWS; r++) {
        Block block;
        read_block(&block, in + ((row + r) * blocks + b) * stride, format);
        place_row(out, &block, r, wide);
        uint8_t *halves = out + group_bytes - HALVES_BYTES + 2 * r;
        halves[0] = (uint8_t)block.d;
        halves[1] = (uint8_t)(block.d >> 8);
        halves[8] = (uint8_t)block.m;
        halves[9] = (uint8_t)(block.m >> 8);
      }
  return (int32_t)(out - start);
}
