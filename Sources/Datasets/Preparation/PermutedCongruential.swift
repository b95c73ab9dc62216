/// The generator PCG64, with the numbers of numpy's `default_rng(seed)`.
///
/// - SeeAlso: O'Neill, "PCG: A family of simple fast space-efficient statistically good algorithms for random number
///   generation", 2014.
package struct PermutedCongruential: Sendable {
  private static let multiplier: UInt128 = 0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645

  private var state: UInt128 = 0
  private let increment: UInt128
  /// The high half of the last 64 bits, if it is not used yet.
  private var spare: UInt32?

  package init(seed: UInt32) {
    let words = SeedSequence(seed: seed).words(4)
    increment = (UInt128(words[2]) << 64 | UInt128(words[3])) << 1 | 1
    step()
    state &+= UInt128(words[0]) << 64 | UInt128(words[1])
    step()
  }

  private mutating func step() { state = state &* Self.multiplier &+ increment }

  private mutating func next64() -> UInt64 {
    step()
    let mixed = UInt64(truncatingIfNeeded: state >> 64) ^ UInt64(truncatingIfNeeded: state)
    let turn = UInt64(truncatingIfNeeded: state >> 122)
    return mixed &>> turn | mixed &<< (64 &- turn)
  }

  /// 32 random bits: the low half of 64, then the high half.
  mutating func next() -> UInt32 {
    if let spare {
      self.spare = nil
      return spare
    }
    let bits = next64()
    spare = UInt32(truncatingIfNeeded: bits >> 32)
    return UInt32(truncatingIfNeeded: bits)
  }

  /// A uniform number from 0 up to and including `maximum`, by numpy's masked rejection.
  mutating func next(upTo maximum: UInt32) -> UInt32 {
    guard maximum > 0 else { return 0 }
    let mask = UInt32.max >> UInt32(maximum.leadingZeroBitCount)
    while true {
      let candidate = next() & mask
      if candidate <= maximum { return candidate }
    }
  }

  /// `Generator.shuffle(elements)`.
  package mutating func shuffle<Element>(_ elements: inout [Element]) {
    var last = elements.count - 1
    while last > 0 {
      elements.swapAt(last, Int(next(upTo: UInt32(last))))
      last -= 1
    }
  }
}

/// numpy's `SeedSequence`: a seed, mixed into as many words as a generator needs.
private struct SeedSequence {
  private var pool: [UInt32]

  init(seed: UInt32) {
    var constant: UInt32 = 0x43b0_d7e5
    func hashed(_ word: UInt32) -> UInt32 {
      var word = word ^ constant
      constant &*= 0x931e_8875
      word &*= constant
      return word ^ word >> 16
    }
    pool = [seed, 0, 0, 0].map { hashed($0) }
    for source in pool.indices {
      for target in pool.indices where target != source {
        let mixed = pool[target] &* 0xca01_f9dd &- hashed(pool[source]) &* 0x4973_f715
        pool[target] = mixed ^ mixed >> 16
      }
    }
  }

  /// So many words of 64 bits.
  func words(_ count: Int) -> [UInt64] {
    var constant: UInt32 = 0x8b51_f9dd
    let halves = (0..<2 * count).map { index -> UInt64 in
      var word = pool[index % pool.count] ^ constant
      constant &*= 0x58f3_8ded
      word &*= constant
      return UInt64(word ^ word >> 16)
    }
    return (0..<count).map { halves[2 * $0] | halves[2 * $0 + 1] << 32 }
  }
}
