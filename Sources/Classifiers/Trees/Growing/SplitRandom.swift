import Datasets

/// The generator that chooses features and random thresholds within one tree.
///
/// - SeeAlso: Marsaglia, "Xorshift RNGs", 2003, doi:10.18637/jss.v008.i14. Seeding and the reduction
///   to a range follow scikit-learn 1.9.1.
struct SplitRandom {
  static let largest: UInt32 = 0x7fff_ffff
  private var state: UInt32

  /// - Parameter seed: the tree's `random_state`; the generator starts from its first draw.
  init(seed: UInt32) {
    var twister = MersenneTwister(seed: seed)
    state = twister.next(upTo: Self.largest - 1)
  }

  private mutating func next() -> UInt32 {
    if state == 0 { state = 1 }
    state ^= state << 13
    state ^= state >> 17
    state ^= state << 5
    return state & Self.largest
  }

  /// A whole number of the range.
  mutating func next(in range: Range<Int>) -> Int {
    range.lowerBound + Int(next()) % range.count
  }

  /// A number between the two.
  mutating func next(from low: Double, to high: Double) -> Double {
    (high - low) * Double(next()) / Double(Self.largest) + low
  }
}
