import TestSupport
import Testing

@testable import LinearAlgebra

@Suite struct `A matrix of doubles` {
  @Test func `a matrix holds its elements row by row`() {
    let matrix = Matrix(rowCount: 2, columnCount: 3, elements: [1, 2, 3, 4, 5, 6])
    #expect(matrix[0, 2] == 3)
    #expect(matrix[1, 0] == 4)
    #expect(Array(matrix.row(1)) == [4, 5, 6])
    #expect(matrix.rows([1, 1, 0]).elements == [4, 5, 6, 4, 5, 6, 1, 2, 3])
  }
}

@Suite struct `The BLAS routines` {
  @Test(arguments: 1...20)
  func `products are what the plain loop gives`(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let rows = Int.random(in: 1...12, using: &generator)
    let columns = Int.random(in: 1...50, using: &generator)
    let inner = Int.random(in: 1...40, using: &generator)
    let stride = inner + Int.random(in: 0...3, using: &generator)
    func numbers(_ count: Int) -> [Double] {
      (0..<count).map { _ in Double(Float.random(in: -2...2, using: &generator)) }
    }
    let a = numbers(rows * stride)
    let b = numbers(inner * columns)
    var single = [Float](repeating: .nan, count: rows * columns)
    BLAS.product(
      rows: rows, columns: columns, inner: inner, a.map { Float($0) }, stride: stride,
      b.map { Float($0) }, &single)
    let dense = (0..<rows * inner).map { a[$0 / inner * stride + $0 % inner] }
    let transposed = (0..<columns * inner).map { b[$0 % inner * columns + $0 / inner] }
    var double = [Double](repeating: .nan, count: rows * columns)
    BLAS.productWithTransposed(
      rows: rows, columns: columns, inner: inner, alpha: -2, dense, transposed, &double)
    for row in 0..<rows {
      for column in 0..<columns {
        let product = (0..<inner).reduce(0.0) {
          $0 + a[row * stride + $1] * b[$1 * columns + column]
        }
        #expect(abs(Double(single[row * columns + column]) - product) < 1e-4, "seed \(seed)")
        #expect(abs(double[row * columns + column] + 2 * product) < 1e-12, "seed \(seed)")
      }
    }
  }
}

@Suite struct `OpenBLAS's kernels` {
  @Test func `products of the kernels in use are right`() {
    BLAS.prepare()
    #expect(BLAS.areProductsRight())
  }

  @Test func `only kernels for unknown processors are replaced, by those that it can run`() {
    func names(_ kernels: String, _ hasAVX2: Bool, _ hasAVX512: Bool) -> [String] {
      BLAS.fasterKernels(than: kernels, hasAVX2: hasAVX2, hasAVX512: hasAVX512)
    }
    #expect(names("Prescott", true, true) == ["SkylakeX", "Haswell"])
    #expect(names("Prescott", true, false) == ["Haswell"])
    #expect(names("Prescott", false, false) == [])
    #expect(names("Zen", true, false) == [])
    #expect(names("Sapphirerapids", true, true) == [])
  }

  @Test func `the version names the library's release and its kernels`() {
    #expect(BLAS.version.contains(/^(\d+\.\d+\S*|unknown) \(\w+\)$/), "\(BLAS.version)")
  }
}
