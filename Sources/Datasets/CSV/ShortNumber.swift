/// A number as most cells hold one: up to seven bytes, which are digits with or without a point.
///
/// It is read from eight bytes at once and without a loop: with cells of different lengths, the processor
/// would guess wrong where a loop ends.
struct ShortNumber {
  let value: Double
  /// How many bytes it takes.
  let length: Int

  /// The number at the start of bytes; `nil` where another kind of text, or a longer number, starts
  /// there. What follows the number is up to the caller.
  ///
  /// - Precondition: eight bytes can be read.
  @inline(__always)
  init?(at bytes: UnsafePointer<UInt8>) {
    let word = UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
    let values = word ^ Self.repeated(UInt8(ascii: "0"))
    // The highest bit of each byte that is no digit. Above a byte of 0x8a or more it may also be set for
    // a digit, but such a byte ends the number.
    let others = ((values &+ Self.repeated(0x7f - 9)) | values) & Self.repeated(0x80)
    guard others != 0 else { return nil }
    let first = others.trailingZeroBitCount & ~7
    let hasPoint = UInt8(truncatingIfNeeded: word &>> UInt64(first)) == UInt8(ascii: ".")
    let end = hasPoint ? (others & (others &- 1)).trailingZeroBitCount & ~7 : first
    let digitBits = hasPoint ? end &- 8 : end
    guard digitBits > 0, end < 64 else { return nil }
    // The point is taken out, and what stands behind the digits falls off.
    let beforePoint = UInt64(1) &<< UInt64(first) &- 1
    let digits = hasPoint ? (values & beforePoint) | ((values &>> 8) & ~beforePoint) : values
    let decimals = hasPoint ? (digitBits &- first) &>> 3 : 0
    // Both are exact, so one rounding is the only one.
    value =
      Double(Int64(Self.number(digits &<< UInt64(64 &- digitBits))))
      / DecimalNumber.powersOfTen[decimals]
    length = end &>> 3
  }

  /// The number whose eight digits are bytes, the first one lowest: neighbours are joined to pairs, pairs
  /// to fours, and fours to the number.
  @inline(__always)
  private static func number(_ digits: UInt64) -> UInt64 {
    let pairs = digits &* 10 &+ digits &>> 8
    let mask: UInt64 = 0xff_0000_00ff
    let first = (pairs & mask) &* (100 + 1_000_000 << 32)
    let second = ((pairs &>> 16) & mask) &* (1 + 10_000 << 32)
    return (first &+ second) &>> 32
  }

  private static func repeated(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }
}
