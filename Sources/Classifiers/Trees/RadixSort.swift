/// Sorts whole numbers by some of their bits, least significant digit first.
enum RadixSort {
  static let digitBits = 11

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
      for index in 0..<count {
        starts[Int(source[index] &>> UInt64(truncatingIfNeeded: shift) & mask)] &+= 1
      }
      var start = 0
      for digit in 0..<(1 << width) {
        let size = starts[digit]
        starts[digit] = start
        start &+= size
      }
      for index in 0..<count {
        let digit = Int(source[index] &>> UInt64(truncatingIfNeeded: shift) & mask)
        target[starts[digit]] = source[index]
        starts[digit] &+= 1
      }
      swap(&source, &target)
      shift += width
    }
    if source != keys { keys.update(from: source, count: count) }
  }
}
