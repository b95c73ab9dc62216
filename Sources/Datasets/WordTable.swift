/// The distinct words of a column, numbered in the order in which they first came.
///
/// Words are the same when their bytes are: "é" in one code point and in two are two words, as they
/// are in Python.
struct WordTable: Sendable {
  private(set) var words: [String] = []
  private var numbers: [UInt64: Int32] = [:]

  /// The number of a word, new or known.
  mutating func number(of bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    while let number = numbers[hash] {
      if words[Int(number)].utf8.elementsEqual(bytes) { return number }
      hash &+= 1
    }
    let number = Int32(words.count)
    numbers[hash] = number
    words.append(String(decoding: bytes, as: UTF8.self))
    return number
  }
}
