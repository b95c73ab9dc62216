import LinearAlgebra

/// Every feature's values replaced by their ranks among the distinct values of that feature.
///
/// A split depends on the order of values alone, so a tree needs the ranks only: they are small whole
/// numbers that can be counted, and the values are looked up when a threshold is written down.
/// Values are compared as `Float`, as scikit-learn's trees do.
struct RankedFeatures<Rank: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
  let sampleCount: Int
  let featureCount: Int
  /// Column after column: the rank of sample `i` in feature `f` stands at `f · sampleCount + i`.
  let ranks: [Rank]
  /// Each feature's distinct values, ascending.
  let values: [[Float]]

  var largestRankCount: Int { values.lazy.map(\.count).max() ?? 0 }

  init(_ columns: [SortedColumn], sampleCount: Int) {
    self.sampleCount = sampleCount
    featureCount = columns.count
    values = columns.map(\.values)
    ranks = [Rank](unsafeUninitializedCapacity: sampleCount * columns.count) { buffer, count in
      for (feature, column) in columns.enumerated() {
        for sample in 0..<sampleCount {
          buffer[feature * sampleCount + sample] = Rank(truncatingIfNeeded: column.ranks[sample])
        }
      }
      count = sampleCount * columns.count
    }
  }
}

/// One feature's distinct values and every sample's rank among them.
struct SortedColumn: Sendable {
  let values: [Float]
  let ranks: [UInt32]

  init(_ features: Matrix, column: Int) {
    let count = features.rowCount
    let width = features.columnCount
    var entries = [UInt64](unsafeUninitializedCapacity: count) { buffer, initialized in
      features.elements.withUnsafeBufferPointer { elements in
        for row in 0..<count {
          // Adding zero turns −0 into 0, which are one value.
          let value = Float(elements[row * width + column]) + 0
          buffer[row] = UInt64(Self.orderedBits(value)) << 32 | UInt64(row)
        }
      }
      initialized = count
    }
    RadixSort.sort(&entries, bits: 32..<64)

    var values: [Float] = []
    let ranks = [UInt32](unsafeUninitializedCapacity: count) { buffer, initialized in
      var previous: UInt32?
      for entry in entries {
        let bits = UInt32(entry >> 32)
        if bits != previous {
          values.append(Self.value(orderedBits: bits))
          previous = bits
        }
        buffer[Int(entry & 0xffff_ffff)] = UInt32(values.count - 1)
      }
      initialized = count
    }
    self.values = values
    self.ranks = ranks
  }

  /// Bits whose order as whole numbers is the order of the finite values.
  private static func orderedBits(_ value: Float) -> UInt32 {
    let bits = value.bitPattern
    return bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
  }

  private static func value(orderedBits bits: UInt32) -> Float {
    Float(bitPattern: bits & 0x8000_0000 == 0 ? ~bits : bits & 0x7fff_ffff)
  }
}

/// Sorts whole numbers by some of their bits, least significant digit first.
enum RadixSort {
  private static let digitBits = 11

  static func sort(_ keys: inout [UInt64], bits: Range<Int>) {
    let count = keys.count
    var spare = [UInt64](repeating: 0, count: count)
    keys.withUnsafeMutableBufferPointer { keys in
      spare.withUnsafeMutableBufferPointer { spare in
        guard let keys = keys.baseAddress, let spare = spare.baseAddress else { return }
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 1 << digitBits) { starts in
          guard let starts = starts.baseAddress else { return }
          sort(keys, spare: spare, count: count, bits: bits, starts: starts)
        }
      }
    }
  }

  /// Sorts `count` keys in place; `spare` is as long, `starts` holds 2¹¹ numbers.
  static func sort(
    _ keys: UnsafeMutablePointer<UInt64>, spare: UnsafeMutablePointer<UInt64>, count: Int,
    bits: Range<Int>, starts: UnsafeMutablePointer<Int>
  ) {
    var source = keys
    var target = spare
    var shift = bits.lowerBound
    while shift < bits.upperBound {
      let width = min(digitBits, bits.upperBound - shift)
      let mask = UInt64(1) << UInt64(width) &- 1
      starts.update(repeating: 0, count: 1 << width)
      for index in 0..<count { starts[Int(source[index] >> UInt64(shift) & mask)] &+= 1 }
      var start = 0
      for digit in 0..<(1 << width) {
        let size = starts[digit]
        starts[digit] = start
        start &+= size
      }
      for index in 0..<count {
        let digit = Int(source[index] >> UInt64(shift) & mask)
        target[starts[digit]] = source[index]
        starts[digit] &+= 1
      }
      swap(&source, &target)
      shift += width
    }
    if source != keys { keys.update(from: source, count: count) }
  }
}
