/// A message of Protocol Buffers, written field by field: a key for each, and a number, or a length with bytes.
///
/// It has the three kinds of fields of which ONNX files are made.
///
/// - SeeAlso: https://protobuf.dev/programming-guides/encoding/
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  /// Adds a whole number; a negative one as its two's complement of 64 bits.
  mutating func append(_ field: Int, _ number: Int) {
    append(varint: UInt64(field) << 3)
    append(varint: UInt64(bitPattern: Int64(number)))
  }

  /// Adds whole numbers in one run of bytes.
  mutating func append(_ field: Int, packed numbers: [Int]) {
    var run = ProtobufMessage()
    run.bytes.reserveCapacity(2 * numbers.count)
    for number in numbers { run.append(varint: UInt64(bitPattern: Int64(number))) }
    append(field, run)
  }

  mutating func append(_ field: Int, _ text: String) { append(field, Array(text.utf8)) }

  mutating func append(_ field: Int, _ message: ProtobufMessage) { append(field, message.bytes) }

  mutating func append(_ field: Int, _ run: [UInt8]) {
    append(varint: UInt64(field) << 3 | 2)
    append(varint: UInt64(run.count))
    bytes += run
  }

  /// Seven bits a byte, the lowest first; all bytes but the last have the highest bit.
  private mutating func append(varint number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
