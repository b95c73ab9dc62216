/// The 32-bit Mersenne Twister, drawing what numpy's legacy `RandomState` draws from the same seed.
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
    var word = state[position]
    position += 1
    word ^= word >> 11
    word ^= (word << 7) & 0x9d2c_5680
    word ^= (word << 15) & 0xefc6_0000
    return word ^ (word >> 18)
  }

  /// A number from 0 up to and including `maximum`, each as likely: numpy's masked rejection.
  public mutating func next(upTo maximum: UInt32) -> UInt32 {
    guard maximum > 0 else { return 0 }
    let mask = UInt32.max >> UInt32(maximum.leadingZeroBitCount)
    while true {
      let candidate = next() & mask
      if candidate <= maximum { return candidate }
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
    precondition(count <= Int(UInt32.max), "numpy draws otherwise beyond 32 bits")
    var order = Array(0..<count)
    var last = count - 1
    while last > 0 {
      order.swapAt(last, Int(next(upTo: UInt32(last))))
      last -= 1
    }
    return order
  }

  private mutating func refill() {
    for index in 0..<Self.size {
      let joined =
        (state[index] & 0x8000_0000) | (state[(index + 1) % Self.size] & 0x7fff_ffff)
      state[index] =
        state[(index + Self.shift) % Self.size] ^ (joined >> 1)
        ^ (joined & 1 == 0 ? 0 : 0x9908_b0df)
    }
    position = 0
  }
}
