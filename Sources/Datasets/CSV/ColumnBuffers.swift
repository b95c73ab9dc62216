/// Columns that are filled row by row, each in the memory of the array that it becomes.
enum ColumnBuffers {
  /// Where a column's cells go, one for every row; nowhere for a column that is not wanted.
  enum Destination {
    case numbers(UnsafeMutablePointer<Double>?)
    case words(UnsafeMutablePointer<Int32>)
  }

  /// Gives the columns arrays with room for some rows. `write` fills them, and says how many rows there are.
  ///
  /// An array lends its memory to one closure, so the arrays are made one within the other, on the stack.
  static func fill(
    _ columns: inout [CSVColumn?], rowLimit: Int, _ write: ([Destination]) -> Int
  ) {
    var destinations: [Destination] = []
    var rowCount = 0
    /// Makes the arrays of a column and of those behind it.
    func make(_ index: Int, _ columns: inout [CSVColumn?]) {
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
      switch columns[index]?.isNumeric {
      case true:
        let numbers = array(Destination.numbers)
        columns[index]?.numbers = numbers
      case false:
        let words = array(Destination.words)
        columns[index]?.wordNumbers = words
      case nil:
        destinations.append(.numbers(nil))
        make(index + 1, &columns)
      }
    }
    make(0, &columns)
  }
}
