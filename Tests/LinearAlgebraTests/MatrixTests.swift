import LinearAlgebra
import TestSupport
import Testing

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
