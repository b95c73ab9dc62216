/// Text that is put together from many small pieces, as bytes: several times faster than a `String`
/// that grows by interpolation.
struct ByteText {
  private(set) var bytes: [UInt8] = []

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(_ number: Int) {
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = number.magnitude
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  /// The shortest decimal that reads back to the same bits.
  mutating func append(_ number: Double) { append(number.description) }

  /// Numbers as a JSON array on one line; `null` for those that are not finite.
  mutating func append(array numbers: [Double]) {
    append("[")
    for (index, number) in numbers.enumerated() {
      if index > 0 { append(", ") }
      if number.isFinite { append(number) } else { append("null") }
    }
    append("]")
  }
}
