/** How lanes (threads) share a pass: work counters and a barrier. In the single-thread build both are trivial. */
#pragma once
#include "llama.h"

#ifdef THREADS
/** Looks so often before it sleeps: about 20 µs, longer than most steps are apart. */
#define SPINS 20000
/** A lane that is not there after so long will never come, in ns. */
#define PATIENCE 5000000000LL

/** Waits until *place differs from `old`. False when patience ended. */
INLINE int wait_for_change(int32_t *place, int32_t old, int64_t patience) {
  for (int i = 0; i < SPINS; i++)
    if (__atomic_load_n(place, __ATOMIC_ACQUIRE) != old) return 1;
  while (__atomic_load_n(place, __ATOMIC_ACQUIRE) == old)
    if (__builtin_wasm_memory_atomic_wait32(place, old, patience) == 2) return 0;
  return 1;
}

/** Returns when all lanes have arrived. False when one never did; then the engine is broken. */
INLINE int barrier(Config *c) {
  if (__atomic_load_n(&c->broken, __ATOMIC_ACQUIRE)) return 0;
  const int32_t generation = __atomic_load_n(&c->generation, __ATOMIC_ACQUIRE);
  if (__atomic_add_fetch(&c->arrived, 1, __ATOMIC_ACQ_REL) == c->lanes) {
    __atomic_store_n(&c->arrived, 0, __ATOMIC_RELEASE);
    __atomic_add_fetch(&c->generation, 1, __ATOMIC_ACQ_REL);
    __builtin_wasm_memory_atomic_notify(&c->generation, 0x7fffffff);
    return 1;
  }
  if (wait_for_change(&c->generation, generation, PATIENCE)) return 1;
  __atomic_store_n(&c->broken, 1, __ATOMIC_RELEASE);
  return 0;
}

/** The next `size` items of a step that nobody has taken yet. */
INLINE int32_t take(int32_t *counter, int32_t size) {
  return __atomic_fetch_add(counter, size, __ATOMIC_RELAXED);
}
#else
INLINE int barrier(Config *c) {
  (void)c;
  return 1;
}
INLINE int32_t take(int32_t *counter, int32_t size) {
  const int32_t from = *counter;
  *counter += size;
  return from;
}
#endif
