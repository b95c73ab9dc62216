#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The distinct words of a column, numbered in the order in which they first came.
///
/// Words are places in the text, with quotes in them still doubled, and the same when their bytes are: "é"
/// in one code point and in two are two words, as they are in Python. The text has to outlive the table.
struct WordTable {
  private(set) var words: [UnsafeBufferPointer<UInt8>] = []
  /// Of each word the key, if it is short, and else 0.
  private var keys: [UInt64] = []
  /// Open addressing; a slot holds one more than a number.
  private var slots = [Int32](repeating: 0, count: 64)

  var texts: [String] { words.map { CSVCell(bytes: $0).text } }

  /// The number of a word that is known.
  @inline(__always)
  func number(of word: ShortWord) -> Int32? {
    var slot = Self.hash(word.key) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = slots[slot] &- 1
      if keys[Int(number)] == word.key { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// The number of a word, known or new.
  @inline(__always)
  mutating func number(of word: UnsafeBufferPointer<UInt8>) -> Int32 {
    var slot = Self.hash(word) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = slots[slot] - 1
      if isWord(number, word) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    words.append(word)
    keys.append(ShortWord.key(of: word) ?? 0)
    slots[slot] = Int32(words.count)
    if 2 * words.count > slots.count { grow() }
    return Int32(words.count - 1)
  }

  @inline(__always)
  private func isWord(_ number: Int32, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let word = words[Int(number)]
    guard word.count == bytes.count, let start = word.baseAddress, let other = bytes.baseAddress
    else { return false }
    return memcmp(start, other, word.count) == 0
  }

  /// By the key, where there is one, so that both ways to a short word begin at the same slot.
  private static func hash(_ word: UnsafeBufferPointer<UInt8>) -> Int {
    if let key = ShortWord.key(of: word) { return hash(key) }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in word { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Int(truncatingIfNeeded: hash ^ hash >> 32)
  }

  @inline(__always)
  private static func hash(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 32)
  }

  private mutating func grow() {
    slots = [Int32](repeating: 0, count: 4 * slots.count)
    for (number, word) in words.enumerated() {
      var slot = Self.hash(word) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(number + 1)
    }
  }
}
