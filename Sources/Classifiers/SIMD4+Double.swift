extension SIMD4<Double> {
  /// e to the power of each number, within two units in the last place.
  ///
  /// x = k·ln 2 + r with a whole number k and r of at most ½·ln 2, whose power series ends where its terms are below
  /// rounding.
  ///
  /// - Precondition: no number is above 0. Those below −700 count as −700, and NaN stays NaN.
  /// - SeeAlso: Cody and Waite, "Software manual for the elementary functions", 1980, chapter 6.
  @inline(__always)
  var negativeExponential: Self {
    let bounded = replacing(with: -700, where: self .< -700)
    // Adding 1.5·2⁵² rounds to a whole number, which is then in the lowest bits.
    let shift = Self(repeating: 0x1.8p52)
    let shifted = bounded * 0x1.71547652b82fep0 + shift
    let whole = shifted - shift
    let rest = (bounded - whole * 0x1.62e42fee00000p-1) - whole * 0x1.a39ef35793c76p-33
    // Pairs of the series' terms, of which the processor works on several at once.
    let square = rest * rest
    let fourth = square * square
    @inline(__always)
    func pair(_ divisor: Double, _ next: Double) -> Self { rest * (1 / next) + 1 / divisor }
    let second = pair(2, 6) + square * pair(24, 120)
    let sixth = pair(720, 5_040) + square * pair(40_320, 362_880)
    let tenth = pair(3_628_800, 39_916_800) + square * pair(479_001_600, 6_227_020_800)
    let sum = 1 + (rest + square * (second + fourth * (sixth + fourth * tenth)))
    let power = (unsafeBitCast(shifted, to: SIMD4<Int64>.self) &+ 1023) &<< 52
    return sum * unsafeBitCast(power, to: Self.self)
  }

  @inline(__always) init(bits: SIMD4<UInt64>) { self = unsafeBitCast(bits, to: Self.self) }

  @inline(__always) var bits: SIMD4<UInt64> { unsafeBitCast(self, to: SIMD4<UInt64>.self) }

  @inline(__always) init(at numbers: UnsafePointer<Double>) {
    self = UnsafeRawPointer(numbers).loadUnaligned(as: Self.self)
  }

  @inline(__always) func store(at numbers: UnsafeMutablePointer<Double>) {
    UnsafeMutableRawPointer(numbers).storeBytes(of: self, as: Self.self)
  }
}
