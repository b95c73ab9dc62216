/// The 32-bit Mersenne Twister, with the numbers of numpy's legacy `RandomState` for the same seed.
///
/// - SeeAlso: Matsumoto and Nishimura, "Mersenne Twister", 1998, doi:10.1145/272991.272995.
public struct MersenneTwister: Sendable {
  private static let size = 624
  private static let shift = 397

  private var state: [UInt32]
  private var position = MersenneTwister.size

  public init(seed: UInt32) {
    var state = [UInt32](repeating: seed, count: Self.size)
    for index in 1..<Self.size {
      let previous = state[index - 1]
      state[index] = 1_812_433_253 &* (previous ^ (previous >> 30)) &+ UInt32(index)
    }
    self.state = state
  }

  /// 32 random bits.
  public mutating func next() -> UInt32 {
    if position == Self.size { refill() }
    let word = state[position]
    position += 1
    return Self.tempered(word)
  }

  @inline(__always)
  private static func tempered(_ word: UInt32) -> UInt32 {
    var word = word
    word ^= word &>> 11
    word ^= (word &<< 7) & 0x9d2c_5680
    word ^= (word &<< 15) & 0xefc6_0000
    return word ^ (word &>> 18)
  }

  /// A uniform number from 0 up to and including `maximum`, by numpy's masked rejection.
  public mutating func next(upTo maximum: UInt32) -> UInt32 {
    guard maximum > 0 else { return 0 }
    let mask = UInt32.max >> UInt32(maximum.leadingZeroBitCount)
    while true {
      let candidate = next() & mask
      if candidate <= maximum { return candidate }
    }
  }

  /// The next `count` numbers from 0 up to and including `maximum`, as ``next(upTo:)`` draws them one
  /// by one, in groups of up to 624.
  ///
  /// - Parameter body: called with one group after the other.
  public mutating func forEachGroup(
    of count: Int, upTo maximum: UInt32, _ body: (UnsafeBufferPointer<UInt32>) -> Void
  ) {
    guard maximum > 0 else {
      let zeros = [UInt32](repeating: 0, count: Self.size)
      for start in stride(from: 0, to: count, by: Self.size) {
        zeros.withUnsafeBufferPointer {
          body(.init(rebasing: $0[..<min(Self.size, count - start)]))
        }
      }
      return
    }
    let mask = UInt32.max >> UInt32(maximum.leadingZeroBitCount)
    var remaining = count
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.size) { numbers in
      let numbers = numbers.baseAddress!
      while remaining > 0 {
        if position == Self.size { refill() }
        var found = 0
        if remaining >= Self.size {
          // All words of this state are needed, so they are tried without a branch, first vectorized.
          state.withUnsafeBufferPointer { state in
            for index in position..<Self.size {
              numbers[index] = Self.tempered(state[index]) & mask
            }
          }
          let end = UInt64(maximum) + 1
          for index in position..<Self.size {
            let candidate = numbers[index]
            numbers[found] = candidate
            // The sign of a difference: a comparison would become a branch, and be mispredicted.
            found &+= Int(truncatingIfNeeded: (UInt64(candidate) &- end) &>> 63)
          }
          position = Self.size
        } else {
          while found < remaining, position < Self.size {
            let candidate = Self.tempered(state[position]) & mask
            position += 1
            numbers[found] = candidate
            found += candidate <= maximum ? 1 : 0
          }
        }
        body(UnsafeBufferPointer(start: numbers, count: found))
        remaining -= found
      }
    }
  }

  /// A number from 0 up to but not including 1, with 53 random bits: `RandomState.random_sample()`.
  public mutating func nextUnit() -> Double {
    let high = Double(next() >> 5)
    let low = Double(next() >> 6)
    return (high * 67_108_864 + low) / 9_007_199_254_740_992
  }

  /// `RandomState.permutation(count)`: the numbers below `count`, shuffled from the end.
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    shuffle(&order)
    return order
  }

  /// `RandomState.shuffle(numbers)`.
  public mutating func shuffle(_ numbers: inout [Int]) {
    precondition(numbers.count <= Int(UInt32.max), "numpy draws otherwise beyond 32 bits")
    var last = numbers.count - 1
    while last > 0 {
      numbers.swapAt(last, Int(next(upTo: UInt32(last))))
      last -= 1
    }
  }

  private mutating func refill() {
    state.withUnsafeMutableBufferPointer { state in
      let state = state.baseAddress!
      // Three loops, so that no index has to be wrapped.
      let wrap = Self.size - Self.shift
      for index in 0..<wrap {
        state[index] = Self.mixed(state[index], state[index + 1], state[index + Self.shift])
      }
      for index in wrap..<(Self.size - 1) {
        state[index] = Self.mixed(state[index], state[index + 1], state[index - wrap])
      }
      state[Self.size - 1] = Self.mixed(state[Self.size - 1], state[0], state[Self.shift - 1])
    }
    position = 0
  }

  @inline(__always)
  private static func mixed(_ word: UInt32, _ next: UInt32, _ far: UInt32) -> UInt32 {
    let joined = (word & 0x8000_0000) | (next & 0x7fff_ffff)
    return far ^ (joined &>> 1) ^ (0x9908_b0df & (0 &- (joined & 1)))
  }
}
