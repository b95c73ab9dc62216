#pragma once

#ifdef __linux__
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

// Exchanges two names in one step: renameat2 with RENAME_EXCHANGE, which the headers show to those
// alone who ask for GNU's extensions, and syscall is variadic.
static inline int rename_exchange(const char *first, const char *second) {
  return (int)syscall(SYS_renameat2, AT_FDCWD, first, AT_FDCWD, second, 2u);
}
#endif
