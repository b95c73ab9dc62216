/// Writes numbers in their shortest form that reads back to the same bits.
///
/// The probabilities of trees are few different numbers, so the texts of the latest are kept.
struct NumberTexts {
  /// The most bytes of a number, such as -2.2250738585072014e-308.
  static let longest = 24

  private var keys = [UInt64](repeating: .max, count: 256)
  private var texts = [[UInt8]](repeating: [], count: 256)

  /// Writes the number, and advances the pointer.
  @inline(__always)
  mutating func append(_ number: Double, to place: inout UnsafeMutablePointer<UInt8>) {
    let bits = number.bitPattern
    let slot = Int(truncatingIfNeeded: (bits &* 0x9e37_79b9_7f4a_7c15) >> 56)
    if keys[slot] != bits {
      keys[slot] = bits
      texts[slot] = Array("\(number)".utf8)
    }
    texts[slot].withUnsafeBufferPointer { place.append($0) }
  }
}

extension UnsafeMutablePointer<UInt8> {
  /// Writes the bytes, and advances the pointer.
  @inline(__always)
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    update(from: source, count: bytes.count)
    self += bytes.count
  }
}
