#pragma once
#include <cblas.h>

// LAPACK's Cholesky factors, solutions and inverses, which OpenBLAS contains and cblas.h leaves out. Matrices are stored
// column by column; `uplo` says which triangle is read.
extern int dpotrf_(const char *uplo, const blasint *n, double *a, const blasint *lda, blasint *info);
extern int dpotrs_(const char *uplo, const blasint *n, const blasint *nrhs, const double *a,
                   const blasint *lda, double *b, const blasint *ldb, blasint *info);
extern int dpotri_(const char *uplo, const blasint *n, double *a, const blasint *lda, blasint *info);

// Ends OpenBLAS's threads. It is exported by every OpenBLAS that has threads, but no header declares it.
extern int blas_thread_shutdown_(void) __attribute__((weak));

static inline void end_openblas_threads(void) {
  if (blas_thread_shutdown_) blas_thread_shutdown_();
}
