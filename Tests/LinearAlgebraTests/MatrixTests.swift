import LinearAlgebra
import TestSupport
import Testing

@Suite struct `A matrix` {
  @Test func `holds its elements row by row`() {
    let matrix = Matrix(rowCount: 2, columnCount: 3, elements: [1, 2, 3, 4, 5, 6])
    #expect(matrix[0, 2] == 3)
    #expect(matrix[1, 0] == 4)
    #expect(Array(matrix.row(1)) == [4, 5, 6])
    #expect(matrix.rows([1, 1, 0]).elements == [4, 5, 6, 4, 5, 6, 1, 2, 3])
  }
}

@Suite struct `The BLAS routines` {
  @Test(arguments: 1...20)
  func `a matrix times a vector is what the plain loop gives`(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let rows = Int.random(in: 1...12, using: &generator)
    let columns = Int.random(in: 1...150, using: &generator)
    func numbers(_ count: Int) -> [Double] {
      (0..<count).map { _ in Double.random(in: -2...2, using: &generator) }
    }
    let matrix = numbers(rows * columns)
    let x = numbers(rows)
    let start = numbers(columns)
    var y = start
    BLAS.transposedMatrixVector(
      rows: rows, columns: columns, alpha: -2, matrix, x, beta: 1, &y)
    for column in 0..<columns {
      let product = (0..<rows).reduce(0) { $0 + matrix[$1 * columns + column] * x[$1] }
      #expect(abs(y[column] - (start[column] - 2 * product)) < 1e-12, "seed \(seed)")
    }
  }
}
