#pragma once
#include <cblas.h>
#include <stdlib.h>

// LAPACK's Cholesky factors, solutions and inverses, which OpenBLAS contains and cblas.h leaves out. Matrices are stored
// column by column; `uplo` says which triangle is read.
extern int dpotrf_(const char *uplo, const blasint *n, double *a, const blasint *lda, blasint *info);
extern int dpotrs_(const char *uplo, const blasint *n, const blasint *nrhs, const double *a,
                   const blasint *lda, double *b, const blasint *ldb, blasint *info);
extern int dpotri_(const char *uplo, const blasint *n, double *a, const blasint *lda, blasint *info);

// OpenBLAS exports these, but no header declares them: the first where it has threads, the others where it has kernels
// for several processors (DYNAMIC_ARCH).
extern int blas_thread_shutdown_(void) __attribute__((weak));
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));

// Ends OpenBLAS's threads.
static inline void end_openblas_threads(void) {
  if (blas_thread_shutdown_) blas_thread_shutdown_();
}

// Whether OpenBLAS has kernels to choose from, and nobody has chosen.
static inline int is_openblas_open_to_choice(void) {
  return gotoblas_dynamic_init && gotoblas_dynamic_quit && !getenv("OPENBLAS_CORETYPE");
}

// Makes OpenBLAS use the kernels of that name, or for NULL those that it takes by itself. No product may run meanwhile.
static inline void choose_openblas_kernels(const char *name) {
  if (name) setenv("OPENBLAS_CORETYPE", name, 1);
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  if (name) unsetenv("OPENBLAS_CORETYPE");
}

// What the processor and the system offer.
static inline int has_avx2_and_fma(void) {
#ifdef __x86_64__
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return 0;
#endif
}

static inline int has_avx512(void) {
#ifdef __x86_64__
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
    && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#else
  return 0;
#endif
}
