/// Columns that are filled row by row, each in the memory of the array that it becomes.
enum ColumnMemory {
  /// What a column holds: nothing that is wanted, numbers, or words by number.
  enum Kind {
    case skipped
    case numbers
    case words
  }

  /// Where a column's cells go, one for every row.
  enum Destination {
    case skipped
    case numbers(UnsafeMutablePointer<Double>)
    case words(UnsafeMutablePointer<Int32>)
  }

  /// A column's cells.
  enum Cells {
    case skipped
    case numbers([Double])
    case words([Int32])
  }

  /// The columns, in order, once `fill` has written every row of each; `nil` where it gives up and returns
  /// false.
  ///
  /// An array lends its memory to one closure, so the arrays are made one within the other, on the stack.
  static func filled(
    _ kinds: [Kind], rowCount: Int, _ fill: ([Destination]) -> Bool
  ) -> [Cells]? {
    var destinations: [Destination] = []
    var columns: [Cells] = []
    /// Makes the column behind the last destination and, before it is done, those behind it.
    func make() -> Bool {
      guard destinations.count < kinds.count else { return fill(destinations) }
      var isFilled = false
      switch kinds[destinations.count] {
      case .skipped:
        destinations.append(.skipped)
        isFilled = make()
        columns.append(.skipped)
      case .numbers:
        columns.append(
          .numbers(
            array(of: rowCount) { memory in
              destinations.append(.numbers(memory))
              isFilled = make()
              return isFilled
            }))
      case .words:
        columns.append(
          .words(
            array(of: rowCount) { memory in
              destinations.append(.words(memory))
              isFilled = make()
              return isFilled
            }))
      }
      return isFilled
    }
    return make() ? columns.reversed() : nil
  }

  private static func array<Element>(
    of count: Int, _ fill: (UnsafeMutablePointer<Element>) -> Bool
  ) -> [Element] {
    [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      LargePages.request(for: buffer)
      initialized = buffer.baseAddress.map(fill) == true ? count : 0
    }
  }
}
