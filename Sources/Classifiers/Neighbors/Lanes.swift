/// Sixteen numbers that are measured at once.
typealias Lanes = SIMD16<Float>

/// What a difference in one feature adds to a distance.
protocol DifferenceTerm {
  static func term(_ difference: Lanes) -> Lanes
}

enum SquaredDifference: DifferenceTerm {
  @inline(__always) static func term(_ difference: Lanes) -> Lanes { difference * difference }
}

enum AbsoluteDifference: DifferenceTerm {
  @inline(__always) static func term(_ difference: Lanes) -> Lanes {
    Lanes(
      bitPattern: difference.bitPatterns & SIMD16<UInt32>(repeating: 0x7fff_ffff))
  }
}

extension SIMD16<Float> {
  @inline(__always) var bitPatterns: SIMD16<UInt32> {
    unsafeBitCast(self, to: SIMD16<UInt32>.self)
  }

  @inline(__always) init(bitPattern: SIMD16<UInt32>) {
    self = unsafeBitCast(bitPattern, to: Self.self)
  }

  /// Sixteen numbers at a multiple of sixteen bytes, where arrays start: instructions can take them
  /// from memory.
  @inline(__always) init(at numbers: UnsafePointer<Float>) {
    let quarters = UnsafeRawPointer(numbers).assumingMemoryBound(to: SIMD4<Float>.self)
    self.init(
      lowHalf: SIMD8(lowHalf: quarters[0], highHalf: quarters[1]),
      highHalf: SIMD8(lowHalf: quarters[2], highHalf: quarters[3]))
  }

  /// The larger number of each lane; one instruction for four lanes.
  @inline(__always) func larger(_ other: Self) -> Self {
    replacing(with: other, where: self .< other)
  }

  /// The smaller number of each lane.
  @inline(__always) func smaller(_ other: Self) -> Self {
    replacing(with: other, where: other .< self)
  }

  /// A bit for each lane that does not exceed `limit`.
  @inline(__always) func lanes(upTo limit: Float) -> UInt32 {
    let mask = unsafeBitCast(self .<= Self(repeating: limit), to: SIMD16<UInt32>.self)
    return Self.bits(mask.lowHalf) | Self.bits(mask.highHalf) << 8
  }

  /// A bit for each lane that is all ones. Lanes become bytes, of which a multiplication gathers one
  /// bit each; adding masked lanes up took four times as many instructions.
  @inline(__always) private static func bits(_ mask: SIMD8<UInt32>) -> UInt32 {
    let bytes = unsafeBitCast(SIMD8<UInt8>(truncatingIfNeeded: mask), to: UInt64.self)
    let bits = (bytes & 0x8040_2010_0804_0201) &* 0x0101_0101_0101_0101
    return UInt32(truncatingIfNeeded: bits >> 56)
  }
}
