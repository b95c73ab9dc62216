/// A set of bins of a feature, each below 256.
package struct BinSet: Hashable, Sendable {
  /// The bytes of a set in a file: bit *b* mod 8 of byte *b* / 8, from the lowest bit up, says whether bin *b* belongs to
  /// it.
  package static let byteCount = 32

  private var words = SIMD4<UInt64>.zero

  package init() {}

  /// The bins up to and including one.
  init(upTo last: Int) {
    for bin in 0...last { insert(bin) }
  }

  package init(bytes: some Sequence<UInt8>) {
    for (place, byte) in bytes.enumerated() {
      words[place / 8] |= UInt64(byte) << (place % 8 * 8)
    }
  }

  package var bytes: [UInt8] {
    (0..<Self.byteCount).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> ($0 % 8 * 8)) }
  }

  package mutating func insert(_ bin: Int) { words[bin / 64] |= 1 << UInt64(bin % 64) }

  @inline(__always)
  package func contains(_ bin: Int) -> Bool { words[bin &>> 6] &>> UInt64(bin & 63) & 1 == 1 }
}
