/// A dense matrix of doubles, stored row by row.
public struct Matrix: Hashable, Sendable {
  public let rowCount: Int
  public let columnCount: Int
  /// All elements, `rowCount × columnCount` of them: row 0 first, each row from left to right.
  public private(set) var elements: [Double]

  /// A matrix of elements in row order.
  ///
  /// - Precondition: `elements` holds `rowCount × columnCount` numbers.
  public init(rowCount: Int, columnCount: Int, elements: [Double]) {
    precondition(
      elements.count == rowCount * columnCount,
      "\(elements.count) elements do not make \(rowCount) × \(columnCount)")
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.elements = elements
  }

  /// A matrix whose elements are all the same number.
  public init(rowCount: Int, columnCount: Int, repeating value: Double = 0) {
    self.init(
      rowCount: rowCount, columnCount: columnCount,
      elements: [Double](repeating: value, count: rowCount * columnCount))
  }

  public subscript(row: Int, column: Int) -> Double {
    @inlinable get { elements[row * columnCount + column] }
    set { elements[row * columnCount + column] = newValue }
  }

  /// One row, without a copy.
  public func row(_ index: Int) -> ArraySlice<Double> {
    elements[index * columnCount..<(index + 1) * columnCount]
  }

  /// The chosen rows, in the order given.
  public func rows(_ indices: [Int]) -> Matrix {
    var chosen: [Double] = []
    chosen.reserveCapacity(indices.count * columnCount)
    for index in indices { chosen.append(contentsOf: row(index)) }
    return Matrix(rowCount: indices.count, columnCount: columnCount, elements: chosen)
  }

  /// Calls `body` with the elements in row order; for kernels.
  public mutating func withUnsafeMutableElements<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Double>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var result: Swift.Result<Result, Failure>!
    elements.withUnsafeMutableBufferPointer { buffer in
      do throws(Failure) { result = .success(try body(buffer)) } catch { result = .failure(error) }
    }
    return try result.get()
  }
}
