#pragma once

// Asks the processor to fetch the cache line of an address that is soon read. The address may be any.
static inline void prefetch(const void *address) { __builtin_prefetch(address); }
