/// The distinct words of a column, numbered in the order of their first occurrence.
///
/// Words are slices of the text, with quotes in them still doubled, and compared by their bytes: "é" in one code
/// point and in two are two words, as in Python. The text has to outlive the table.
struct WordTable {
  private(set) var words: [UnsafeBufferPointer<UInt8>] = []
  /// The key of each short word; `noKey` for longer ones.
  private var keys: [UInt64] = []
  private static let noKey = UInt64.max
  /// Open addressing; a slot holds one more than a number.
  private var slots = [Int32](repeating: 0, count: 64)

  var texts: [String] { words.map { CSVCell(bytes: $0).text } }

  /// The number of a known word.
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
    let key = ShortWord.key(of: word)
    var slot = Self.hash(word, key) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = slots[slot] - 1
      if let key {
        if keys[Int(number)] == key { return number }
      } else if words[Int(number)].elementsEqual(word) {
        return number
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    words.append(word)
    keys.append(key ?? Self.noKey)
    slots[slot] = Int32(words.count)
    if 2 * words.count > slots.count { grow() }
    return Int32(words.count - 1)
  }

  /// By the key if there is one, so that both lookups of a short word begin at the same slot.
  private static func hash(_ word: UnsafeBufferPointer<UInt8>, _ key: UInt64?) -> Int {
    if let key { return hash(key) }
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
      var slot = Self.hash(word, ShortWord.key(of: word)) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(number + 1)
    }
  }
}
