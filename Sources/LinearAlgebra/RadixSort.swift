/// Sorts whole numbers by some of their bits, least significant digit first.
package enum RadixSort {
  package static let digitBits = 11

  package static func sort(_ keys: inout [UInt64], bits: Range<Int>) {
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

  /// The numbers in ascending order in the high halves, and their original positions in the low halves.
  package static func ascending(_ numbers: [UInt32]) -> [UInt64] {
    var keys = [UInt64](unsafeUninitializedCapacity: numbers.count) { keys, initialized in
      for (place, number) in numbers.enumerated() {
        keys[place] = UInt64(number) << 32 | UInt64(place)
      }
      initialized = numbers.count
    }
    sort(&keys, bits: 32..<64)
    return keys
  }

  /// Sorts `count` keys in place; `spare` is as long, `starts` holds 2¹¹ numbers.
  package static func sort(
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

extension [Double] {
  /// With fewer, the standard library is as fast.
  private static let radixCount = 512

  /// The numbers in ascending order, as `sorted()` gives them, with 0 for −0.
  package var ascending: [Double] {
    guard count >= Self.radixCount else { return sorted() }
    var keys = map(\.orderedBits)
    RadixSort.sort(&keys, bits: 0..<64)
    return keys.map { Double(orderedBits: $0) }
  }

  /// The positions of the numbers in ascending order; equal ones stay in their order.
  package var ascendingOrder: [Int32] {
    guard count >= Self.radixCount else {
      return (0..<Int32(count)).sorted { (self[Int($0)], $0) < (self[Int($1)], $1) }
    }
    // The high halves of the numbers beside their positions; then the runs of equal high halves.
    let bits = map(\.orderedBits)
    var keys = bits.enumerated().map { $1 & 0xffff_ffff_0000_0000 | UInt64($0) }
    RadixSort.sort(&keys, bits: 32..<64)
    var order = keys.map { Int32(truncatingIfNeeded: $0) }
    var start = 0
    while start < count {
      let high = keys[start] >> 32
      var end = start + 1
      var isSettled = true
      while end < count, keys[end] >> 32 == high {
        isSettled = isSettled && bits[Int(order[end - 1])] <= bits[Int(order[end])]
        end += 1
      }
      if !isSettled {
        order[start..<end].sort { (bits[Int($0)], $0) < (bits[Int($1)], $1) }
      }
      start = end
    }
    return order
  }
}

extension Double {
  /// Bits whose order as whole numbers is the order of the numbers.
  fileprivate var orderedBits: UInt64 {
    // Zero and minus zero are equal, and keep their order.
    let bits = (self + 0).bitPattern
    return bits & 1 << 63 == 0 ? bits | 1 << 63 : ~bits
  }

  fileprivate init(orderedBits bits: UInt64) {
    self.init(bitPattern: bits & 1 << 63 == 0 ? ~bits : bits & ~(1 << 63))
  }
}
