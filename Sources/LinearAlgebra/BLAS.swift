internal import COpenBLAS

/// The routines of OpenBLAS that we use.
public enum BLAS {
  /// Keeps OpenBLAS to the calling thread, since our own threads already fill the processor.
  public static func useOneThread() { openblas_set_num_threads(1) }

  /// y ← α·Aᵀ·x + β·y for a `rows` × `columns` matrix that is stored row by row: column by column,
  /// every column a run of `rows`' neighbours.
  @inline(__always)
  public static func transposedMatrixVector(
    rows: Int, columns: Int, alpha: Double, _ matrix: UnsafePointer<Double>,
    _ x: UnsafePointer<Double>, beta: Double, _ y: UnsafeMutablePointer<Double>
  ) {
    cblas_dgemv(
      CblasRowMajor, CblasTrans, blasint(rows), blasint(columns), alpha, matrix,
      blasint(columns), x, 1, beta, y, 1)
  }
}
