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
      let isFilled: Bool
      switch kinds[destinations.count] {
      case .skipped:
        destinations.append(.skipped)
        isFilled = make()
        columns.append(.skipped)
      case .numbers:
        let made = array(Destination.numbers)
        isFilled = made.isFilled
        columns.append(.numbers(made.cells))
      case .words:
        let made = array(Destination.words)
        isFilled = made.isFilled
        columns.append(.words(made.cells))
      }
      return isFilled
    }
    func array<Element>(
      _ destination: (UnsafeMutablePointer<Element>) -> Destination
    ) -> (cells: [Element], isFilled: Bool) {
      var isFilled = false
      let cells = [Element](unsafeUninitializedCapacity: rowCount) { buffer, initialized in
        guard let memory = buffer.baseAddress else { return }
        LargePages.request(for: buffer)
        destinations.append(destination(memory))
        isFilled = make()
        initialized = isFilled ? rowCount : 0
      }
      return (cells, isFilled)
    }
    return make() ? columns.reversed() : nil
  }
}
