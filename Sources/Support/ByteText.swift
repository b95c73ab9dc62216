/// Text that is put together from many small pieces, as bytes: several times faster than a `String`
/// that grows by interpolation.
public struct ByteText: Sendable {
  public private(set) var bytes: [UInt8] = []

  /// - Parameter capacity: the number of bytes that there will probably be.
  public init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  public mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  public mutating func append(_ text: some Collection<UInt8>) { bytes.append(contentsOf: text) }

  public mutating func append(_ number: Int) {
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = number.magnitude
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  /// Appends the shortest decimal that reads back to the same bits.
  public mutating func append(_ number: Double) { append(number.description) }
}
