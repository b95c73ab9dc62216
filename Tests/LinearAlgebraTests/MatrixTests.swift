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
  func `a matrix times a transposed one is what the plain loop gives`(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let rows = Int.random(in: 1...12, using: &generator)
    let columns = Int.random(in: 1...50, using: &generator)
    let inner = Int.random(in: 1...40, using: &generator)
    func numbers(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float.random(in: -2...2, using: &generator) }
    }
    let a = numbers(rows * inner)
    let b = numbers(columns * inner)
    var c = numbers(rows * columns)
    BLAS.productWithTransposed(
      rows: rows, columns: columns, inner: inner, alpha: -2, a, b, &c)
    for row in 0..<rows {
      for column in 0..<columns {
        let product = (0..<inner).reduce(0.0) {
          $0 + Double(a[row * inner + $1]) * Double(b[column * inner + $1])
        }
        #expect(abs(Double(c[row * columns + column]) + 2 * product) < 1e-4, "seed \(seed)")
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
