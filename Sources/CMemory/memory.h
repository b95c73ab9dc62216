#pragma once

#ifdef __linux__
#include <malloc.h>
#endif

// Asks the processor to fetch the cache line of an address that is soon read. The address may be any.
static inline void prefetch(const void *address) { __builtin_prefetch(address); }

// Divides the heap into at most so many arenas, where the C library has them.
static inline void limit_heap_arenas(int count) {
#ifdef M_ARENA_MAX
  mallopt(M_ARENA_MAX, count);
#else
  (void)count;
#endif
}
