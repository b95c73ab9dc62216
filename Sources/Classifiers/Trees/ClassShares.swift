/// Rows of class shares without their zeros: with many classes, nearly all of a node's shares are zero.
struct ClassShares: Hashable, Sendable {
  let classCount: Int
  /// Where each row ends among the entries.
  private var ends: [Int] = []
  /// Of each share that is not zero, its class and its value; the classes of a row ascend.
  private var labels: [Int32] = []
  private var values: [Double] = []

  init(classCount: Int) { self.classCount = classCount }

  var rowCount: Int { ends.count }

  mutating func reserve(rows: Int) {
    ends.reserveCapacity(rows)
    labels.reserveCapacity(rows)
    values.reserveCapacity(rows)
  }

  /// Appends the classes' weights, divided by their sum.
  mutating func append(weights: UnsafePointer<Double>, sum: Double) {
    for label in 0..<classCount {
      let share = weights[label] / sum
      guard share.bitPattern != 0 else { continue }
      labels.append(Int32(truncatingIfNeeded: label))
      values.append(share)
    }
    ends.append(values.count)
  }

  /// Appends a row of others with the same classes.
  mutating func append(_ row: Int, of other: ClassShares) {
    let entries = other.entries(row)
    labels.append(contentsOf: other.labels[entries])
    values.append(contentsOf: other.values[entries])
    ends.append(values.count)
  }

  /// All rows, `classCount` numbers each.
  var dense: [Double] {
    var shares = [Double](repeating: 0, count: rowCount * classCount)
    for row in 0..<rowCount {
      for entry in entries(row) {
        shares[row &* classCount &+ Int(labels[entry])] = values[entry]
      }
    }
    return shares
  }

  /// Whether a row has the bits of another one's.
  func isRow(_ row: Int, equalTo other: ClassShares, _ otherRow: Int) -> Bool {
    let (own, others) = (entries(row), other.entries(otherRow))
    guard own.count == others.count else { return false }
    for (entry, otherEntry) in zip(own, others)
    where labels[entry] != other.labels[otherEntry]
      || values[entry].bitPattern != other.values[otherEntry].bitPattern
    {
      return false
    }
    return true
  }

  /// A hash of the bits of a row, with the best mixed bits at the low end.
  func hash(ofRow row: Int) -> Int {
    var state: UInt64 = 0
    for entry in entries(row) {
      state =
        (state ^ values[entry].bitPattern ^ UInt64(truncatingIfNeeded: labels[entry]))
        &* 0x9e37_79b9_7f4a_7c15
      state ^= state >> 32
    }
    return Int(truncatingIfNeeded: state)
  }

  private func entries(_ row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }
}
