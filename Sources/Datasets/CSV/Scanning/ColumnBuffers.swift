/// Fills columns row by row, each directly in the memory of its array.
enum ColumnBuffers {
  /// The memory of a column's cells, one for every row.
  enum Destination {
    case numbers(UnsafeMutablePointer<Double>)
    case words(UnsafeMutablePointer<Int32>)
  }

  /// Makes the columns' arrays with room for `rowLimit` rows; `write` fills them, and returns the number of rows.
  ///
  /// An array lends its memory to a closure, so each is made within the closure of the one before.
  static func fill(
    _ columns: inout [CSVColumn], rowLimit: Int, _ write: ([Destination]) -> Int
  ) {
    var destinations: [Destination] = []
    var rowCount = 0
    /// Makes the arrays of a column and of those after it.
    func make(_ index: Int, _ columns: inout [CSVColumn]) {
      func array<Element>(
        _ destination: (UnsafeMutablePointer<Element>) -> Destination
      ) -> [Element] {
        [Element](unsafeUninitializedCapacity: rowLimit) { buffer, initialized in
          guard let memory = buffer.baseAddress else { return }
          LargePages.request(for: buffer)
          destinations.append(destination(memory))
          make(index + 1, &columns)
          initialized = rowCount
        }
      }
      guard index < columns.count else {
        rowCount = write(destinations)
        return
      }
      if columns[index].isNumeric {
        let numbers = array(Destination.numbers)
        columns[index].numbers = numbers
      } else {
        let words = array(Destination.words)
        columns[index].wordNumbers = words
      }
    }
    make(0, &columns)
  }
}
