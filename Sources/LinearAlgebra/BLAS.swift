internal import COpenBLAS

/// The routines of OpenBLAS that we use.
public enum BLAS {
  /// Keeps OpenBLAS to the calling thread, since our own threads already fill the processor.
  ///
  /// Call it when a program starts: OpenBLAS has started a thread for every core by then, and these spin for a tenth
  /// of a second while they wait for work.
  public static func useOneThread() {
    openblas_set_num_threads(1)
    end_openblas_threads()
  }

  /// C ← α·A·Bᵀ in single precision, for A of `rows` × `inner` and B of `columns` × `inner`, all stored
  /// row by row.
  public static func productWithTransposed(
    rows: Int, columns: Int, inner: Int, alpha: Float, _ a: UnsafePointer<Float>,
    _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>
  ) {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, blasint(rows), blasint(columns), blasint(inner),
      alpha, a, blasint(inner), b, blasint(inner), 0, c, blasint(columns))
  }

  /// The same in double precision.
  public static func productWithTransposed(
    rows: Int, columns: Int, inner: Int, alpha: Double, _ a: UnsafePointer<Double>,
    _ b: UnsafePointer<Double>, _ c: UnsafeMutablePointer<Double>
  ) {
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, blasint(rows), blasint(columns), blasint(inner),
      alpha, a, blasint(inner), b, blasint(inner), 0, c, blasint(columns))
  }
}
