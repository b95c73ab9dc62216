/// Sixteen numbers that are measured at once.
typealias Lanes = SIMD16<Float>

extension SIMD16<Float> {
  /// Sixteen numbers at a multiple of sixteen bytes, where arrays start: instructions can take them
  /// from memory.
  @inline(__always) init(at numbers: UnsafePointer<Float>) {
    let quarters = UnsafeRawPointer(numbers).assumingMemoryBound(to: SIMD4<Float>.self)
    self.init(
      lowHalf: SIMD8(lowHalf: quarters[0], highHalf: quarters[1]),
      highHalf: SIMD8(lowHalf: quarters[2], highHalf: quarters[3]))
  }

  @inline(__always) func store(at numbers: UnsafeMutablePointer<Float>) {
    let quarters = UnsafeMutableRawPointer(numbers).assumingMemoryBound(to: SIMD4<Float>.self)
    quarters[0] = lowHalf.lowHalf
    quarters[1] = lowHalf.highHalf
    quarters[2] = highHalf.lowHalf
    quarters[3] = highHalf.highHalf
  }

  /// The larger number of each lane; one instruction for four lanes.
  @inline(__always) func larger(_ other: Self) -> Self {
    replacing(with: other, where: self .< other)
  }

  /// The smaller number of each lane.
  @inline(__always) func smaller(_ other: Self) -> Self {
    replacing(with: other, where: other .< self)
  }

  /// Whether a lane does not exceed `limit`.
  @inline(__always) func containsAny(upTo limit: Float) -> Bool {
    let half = lowHalf.replacing(with: highHalf, where: highHalf .< lowHalf)
    let quarter = half.lowHalf.replacing(with: half.highHalf, where: half.highHalf .< half.lowHalf)
    let mask = unsafeBitCast(quarter .<= SIMD4(repeating: limit), to: SIMD2<UInt64>.self)
    return mask.x | mask.y != 0
  }

  /// A bit for each lane that does not exceed `limit`.
  @inline(__always) func lanes(upTo limit: Float) -> UInt32 {
    let mask = unsafeBitCast(self .<= Self(repeating: limit), to: SIMD16<UInt32>.self)
    let low = mask.lowHalf & SIMD8(1, 2, 4, 8, 16, 32, 64, 128)
    let high = mask.highHalf & SIMD8(256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
    let both = low | high
    return (both.lowHalf | both.highHalf).wrappedSum()
  }
}
