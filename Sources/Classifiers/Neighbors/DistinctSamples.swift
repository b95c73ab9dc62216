import Datasets
import LinearAlgebra

/// Samples without their repetitions.
///
/// Where many samples are equal, a search that meets each of them cannot end early: all are as near.
/// So equal ones are searched as one, which knows the rows it stands for.
struct DistinctSamples: Hashable, Sendable {
  /// The first row of each distinct sample, ascending.
  let firstRows: [Int32]
  /// The next row with the same sample, -1 behind the last; empty where no sample is repeated.
  private let nextRows: [Int32]

  init(_ samples: Matrix) {
    let count = samples.rowCount
    let width = samples.columnCount
    var firstRows: [Int32] = []
    firstRows.reserveCapacity(count)
    var next: [Int32] = []
    var last: [Int32] = []
    var bits = 4
    while 1 << bits < 2 * count { bits += 1 }
    // Open addressing; a slot holds one more than a row.
    var slots = [Int32](unsafeUninitializedCapacity: 1 << bits) { slots, initialized in
      LargePages.request(for: slots)
      slots.initialize(repeating: 0)
      initialized = slots.count
    }
    samples.elements.withUnsafeBufferPointer { values in
      slots.withUnsafeMutableBufferPointer { slots in
        for row in 0..<count {
          let sample = UnsafeBufferPointer(rebasing: values[row * width..<(row + 1) * width])
          var slot = Int(truncatingIfNeeded: Self.hash(sample) >> UInt64(64 - bits))
          while slots[slot] != 0, !equal(sample, values, Int(slots[slot] - 1) * width) {
            slot = (slot + 1) & (slots.count - 1)
          }
          let first = Int(slots[slot] - 1)
          if first < 0 {
            slots[slot] = Int32(row + 1)
            firstRows.append(Int32(row))
          } else {
            if next.isEmpty {
              next = [Int32](repeating: -1, count: count)
              last = (0..<count).map { Int32($0) }
            }
            next[Int(last[first])] = Int32(row)
            last[first] = Int32(row)
          }
        }
      }
    }
    self.firstRows = firstRows
    nextRows = next
  }

  /// Whether more rows have the sample of a first row.
  func isRepeated(_ firstRow: Int32) -> Bool { !nextRows.isEmpty && nextRows[Int(firstRow)] >= 0 }

  /// Offers every row of a repeated sample until one is not taken.
  @inline(__always)
  func insert(_ distance: Double, firstRow: Int32, into nearest: borrowing Nearest) {
    guard nearest.insert(distance, row: firstRow) else { return }
    var row = nextRows[Int(firstRow)]
    while row >= 0, nearest.insert(distance, row: row) { row = nextRows[Int(row)] }
  }

  /// Equal numbers have equal hashes: adding zero makes -0 one with 0.
  private static func hash(_ sample: UnsafeBufferPointer<Double>) -> UInt64 {
    var hash: UInt64 = 0
    for value in sample {
      hash = (hash ^ (value + 0).bitPattern) &* 0x9e37_79b9_7f4a_7c15
      hash ^= hash >> 29
    }
    return hash &* 0xbf58_476d_1ce4_e5b9
  }
}

@inline(__always)
private func equal(
  _ sample: UnsafeBufferPointer<Double>, _ values: UnsafeBufferPointer<Double>, _ start: Int
) -> Bool {
  for index in sample.indices where sample[index] != values[start + index] { return false }
  return true
}
