internal import COpenBLAS

/// The routines of OpenBLAS that we use.
public enum BLAS {
  /// Keeps OpenBLAS to the calling thread, since our own threads already fill the processor, and chooses its kernels.
  ///
  /// Call it when a program starts: OpenBLAS has started a thread for every core by then, and these spin for a tenth
  /// of a second while they wait for work. Further calls do nothing.
  public static func prepare() { _ = isPrepared }

  private static let isPrepared: Bool = {
    openblas_set_num_threads(1)
    end_openblas_threads()
    replaceFallbackKernels()
    return true
  }()

  /// C ← A·B in single precision, for A of `rows` × `inner`, whose rows start every `stride` numbers, and B of
  /// `inner` × `columns`, stored row by row.
  public static func product(
    rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Float>, stride: Int,
    _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>
  ) {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(columns), blasint(inner),
      1, a, blasint(stride), b, blasint(columns), 0, c, blasint(columns))
  }

  /// C ← α·A·Bᵀ in double precision, for A of `rows` × `inner` and B of `columns` × `inner`, all stored
  /// row by row.
  public static func productWithTransposed(
    rows: Int, columns: Int, inner: Int, alpha: Double, _ a: UnsafePointer<Double>,
    _ b: UnsafePointer<Double>, _ c: UnsafeMutablePointer<Double>
  ) {
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, blasint(rows), blasint(columns), blasint(inner),
      alpha, a, blasint(inner), b, blasint(inner), 0, c, blasint(columns))
  }

  /// C ← A·Bᵀ, on one thread, for A of `rows` × `inner` and B of `columns` × `inner`, stored row by row, B's rows
  /// `bStride` numbers apart.
  public static func product(
    rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Double>,
    transposed b: UnsafePointer<Double>, bStride: Int, _ c: UnsafeMutablePointer<Double>
  ) {
    prepare()
    if columns == 1 {
      cblas_dgemv(
        CblasRowMajor, CblasNoTrans, blasint(rows), blasint(inner), 1, a, blasint(inner), b, 1, 0,
        c, 1)
    } else {
      cblas_dgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, blasint(rows), blasint(columns), blasint(inner), 1,
        a, blasint(inner), b, blasint(bStride), 0, c, blasint(columns))
    }
  }

  /// C ← C + Aᵀ·B, on one thread, for A of `inner` × `rows` and B of `inner` × `columns`, stored row by row, C's rows
  /// `cStride` numbers apart.
  public static func addProduct(
    rows: Int, columns: Int, inner: Int, transposed a: UnsafePointer<Double>,
    _ b: UnsafePointer<Double>, to c: UnsafeMutablePointer<Double>, cStride: Int
  ) {
    prepare()
    if rows == 1 {
      cblas_dgemv(
        CblasRowMajor, CblasTrans, blasint(inner), blasint(columns), 1, b, blasint(columns), a, 1,
        1, c, 1)
    } else {
      cblas_dgemm(
        CblasRowMajor, CblasTrans, CblasNoTrans, blasint(rows), blasint(columns), blasint(inner), 1,
        a, blasint(rows), b, blasint(columns), 1, c, blasint(cStride))
    }
  }

  /// Adds α·Aᵀ·A to the upper triangle of C, on one thread, for A of `rows` × `columns` stored row by row, C's rows
  /// `cStride` numbers apart.
  public static func addSquare(
    rows: Int, columns: Int, alpha: Double, _ a: UnsafePointer<Double>,
    toUpperTriangleOf c: UnsafeMutablePointer<Double>, cStride: Int
  ) {
    prepare()
    cblas_dsyrk(
      CblasRowMajor, CblasUpper, CblasTrans, blasint(columns), blasint(rows), alpha, a,
      blasint(columns), 1, c, blasint(cStride))
  }
}
