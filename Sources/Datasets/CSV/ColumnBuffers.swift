/// Columns that are filled row by row, each in the memory of the array that it becomes.
enum ColumnBuffers {
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

  /// The columns, in order, with room for some rows each. `fill` writes them and says how many there are,
  /// or gives up with `nil`.
  ///
  /// An array lends its memory to one closure, so the arrays are made one within the other, on the stack.
  static func filled(
    _ kinds: [Kind], rowLimit: Int, _ fill: ([Destination]) -> Int?
  ) -> [Cells]? {
    var destinations: [Destination] = []
    var columns: [Cells] = []
    var rowCount: Int?
    /// Makes the column behind the last destination and, before it is done, those behind it.
    func make() {
      guard destinations.count < kinds.count else {
        rowCount = fill(destinations)
        return
      }
      switch kinds[destinations.count] {
      case .skipped:
        destinations.append(.skipped)
        make()
        columns.append(.skipped)
      case .numbers: columns.append(.numbers(array(Destination.numbers)))
      case .words: columns.append(.words(array(Destination.words)))
      }
    }
    func array<Element>(
      _ destination: (UnsafeMutablePointer<Element>) -> Destination
    ) -> [Element] {
      [Element](unsafeUninitializedCapacity: rowLimit) { buffer, initialized in
        guard let memory = buffer.baseAddress else { return }
        LargePages.request(for: buffer)
        destinations.append(destination(memory))
        make()
        initialized = rowCount ?? 0
      }
    }
    make()
    return rowCount == nil ? nil : columns.reversed()
  }
}
