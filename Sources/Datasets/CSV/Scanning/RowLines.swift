/// The line on which each row of a file starts. Most rows are on the line after the previous row, so only the
/// others are kept.
struct RowLines: Sendable {
  private(set) var rowCount = 0
  /// Rows that are on another line, and their lines.
  private var jumps: [(row: Int, line: Int)] = []
  private var nextLine = 0

  @inline(__always)
  mutating func append(_ line: Int) {
    if line != nextLine { jumps.append((rowCount, line)) }
    nextLine = line &+ 1
    rowCount &+= 1
  }

  mutating func append(_ other: RowLines) {
    jumps += other.jumps.map { ($0.row + rowCount, $0.line) }
    rowCount += other.rowCount
    nextLine = other.nextLine
  }

  subscript(row: Int) -> Int {
    var (low, high) = (0, jumps.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if jumps[middle].row <= row { low = middle } else { high = middle }
    }
    return jumps[low].line + row - jumps[low].row
  }
}
