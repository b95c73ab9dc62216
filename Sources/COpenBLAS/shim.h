#pragma once
#include <cblas.h>

// Ends OpenBLAS's threads. It is exported by every OpenBLAS that has threads, but no header declares it.
extern int blas_thread_shutdown_(void) __attribute__((weak));

static inline void end_openblas_threads(void) {
  if (blas_thread_shutdown_) blas_thread_shutdown_();
}
