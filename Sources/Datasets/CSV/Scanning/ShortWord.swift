/// A word of one to seven bytes, as a number that is compared and hashed.
struct ShortWord {
  /// The bytes, the first one lowest, followed by zeros. No other word has the same key, since text has no zero
  /// bytes.
  let key: UInt64
  /// How many bytes it takes.
  let length: Int

  static let longest = 7

  /// The cell at the start of bytes; `nil` if it is empty or longer, or has quotes in it or spaces around
  /// it.
  ///
  /// - Precondition: eight bytes can be read.
  @inline(__always)
  init?(at bytes: UnsafePointer<UInt8>, separator: UInt8) {
    let word = UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
    let ends =
      Self.places(of: separator, in: word) | Self.places(of: UInt8(ascii: "\n"), in: word)
      | Self.places(of: UInt8(ascii: "\r"), in: word)
    let quotes = Self.places(of: UInt8(ascii: "\""), in: word)
    guard ends != 0, quotes.trailingZeroBitCount > ends.trailingZeroBitCount else { return nil }
    let bitCount = ends.trailingZeroBitCount & ~7
    guard bitCount > 0, !Self.isSpace(word),
      !Self.isSpace(word &>> UInt64(truncatingIfNeeded: bitCount &- 8))
    else { return nil }
    key = word & (UInt64(1) &<< UInt64(truncatingIfNeeded: bitCount) &- 1)
    length = bitCount &>> 3
  }

  /// The key of a word; `nil` for longer ones.
  static func key(of word: UnsafeBufferPointer<UInt8>) -> UInt64? {
    guard word.count <= longest else { return nil }
    return word.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The highest bit of the first byte that is `byte`, and perhaps those of bytes above it.
  @inline(__always)
  private static func places(of byte: UInt8, in word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let differences = word ^ (UInt64(byte) &* ones)
    return (differences &- ones) & ~differences & (ones &<< 7)
  }

  /// Whether the lowest byte is a space or a tab.
  @inline(__always)
  private static func isSpace(_ word: UInt64) -> Bool {
    let byte = UInt8(truncatingIfNeeded: word)
    return byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}
