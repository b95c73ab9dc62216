internal import COpenBLAS

/// The triangular factor of a symmetric, positive definite matrix A = Uᵀ·U, found by LAPACK on one thread.
public struct CholeskyFactor: Sendable {
  /// The number of rows and columns.
  public let order: Int
  /// U in the upper triangle, row by row.
  private let elements: [Double]

  /// - Parameter matrix: row by row; its lower triangle is not read.
  /// - Returns: `nil` where the matrix is not positive definite.
  public init?(upperTriangleOf matrix: [Double], order: Int) {
    precondition(matrix.count == order * order, "a square matrix has as many rows as columns")
    BLAS.prepare()
    var elements = matrix
    var (size, problem) = (blasint(order), blasint(0))
    // LAPACK's matrices are stored column by column: our upper triangle is its lower one.
    dpotrf_("L", &size, &elements, &size, &problem)
    guard problem == 0 else { return nil }
    self.order = order
    self.elements = elements
  }

  /// The smallest square on U's diagonal: at least as large as the matrix's smallest eigenvalue.
  public var smallestPivot: Double {
    (0..<order).reduce(.infinity) { min($0, elements[$1 * order + $1] * elements[$1 * order + $1]) }
  }

  /// The solution x of A·x = b.
  public func solution(of b: [Double]) -> [Double] {
    precondition(b.count == order, "a right side has a number for each row")
    var x = b
    var (size, count, problem) = (blasint(order), blasint(1), blasint(0))
    dpotrs_("L", &size, &count, elements, &size, &x, &size, &problem)
    return x
  }

  /// The diagonal of A⁻¹.
  public var inverseDiagonal: [Double] {
    var inverse = elements
    var (size, problem) = (blasint(order), blasint(0))
    dpotri_("L", &size, &inverse, &size, &problem)
    return (0..<order).map { inverse[$0 * order + $0] }
  }
}
