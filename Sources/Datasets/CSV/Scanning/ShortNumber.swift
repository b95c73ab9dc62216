/// A number of up to seven bytes, digits with or without a point, as in most cells.
///
/// It is read from eight bytes at once and without a loop, whose end the processor would mispredict with cells of
/// different lengths.
struct ShortNumber {
  let value: Double
  /// How many bytes it takes.
  let length: Int

  /// The number at the start of bytes; `nil` if another kind of text or a longer number starts there. The caller
  /// checks what follows it.
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
    // The point is removed, and the bytes after the digits are shifted out.
    let beforePoint = UInt64(1) &<< UInt64(first) &- 1
    let digits = hasPoint ? (values & beforePoint) | ((values &>> 8) & ~beforePoint) : values
    let decimals = hasPoint ? (digitBits &- first) &>> 3 : 0
    // Both operands are exact, so there is one rounding.
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
