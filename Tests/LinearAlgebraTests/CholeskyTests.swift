import LinearAlgebra
import Testing

@Suite struct `A Cholesky factor` {
  @Test func `a Cholesky factor solves its system and knows the inverse's diagonal`() throws {
    // A = [[4, 2], [2, 3]], det 8, A⁻¹ = [[3, −2], [−2, 4]] / 8; the lower triangle is not read.
    let factor = try #require(CholeskyFactor(upperTriangleOf: [4, 2, .nan, 3], order: 2))
    let x = factor.solution(of: [8, 4])
    #expect(abs(x[0] - 2) < 1e-15 && abs(x[1]) < 1e-15)
    #expect(zip(factor.inverseDiagonal, [0.375, 0.5]).allSatisfy { abs($0 - $1) < 1e-15 })
    // U = [[2, 1], [0, √2]].
    #expect(abs(factor.smallestPivot - 2) < 1e-15)
  }

  @Test(arguments: [[1, 2, 0, 1], [0, 0, 0, 1], [-1, 0, 0, 1]] as [[Double]])
  func `a matrix that is not positive definite has no Cholesky factor`(matrix: [Double]) {
    #expect(CholeskyFactor(upperTriangleOf: matrix, order: 2) == nil)
  }
}
