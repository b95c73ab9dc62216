/// The codes of categories by their bytes.
struct CategoryTable: Sendable {
  private let names: [[UInt8]]
  /// Hash slots with a code or −1; less than half full.
  private var places: [Int32]

  init(_ names: [String]) {
    self.names = names.map { Array($0.utf8) }
    var size = 16
    while size < names.count * 4 { size *= 2 }
    places = [Int32](repeating: -1, count: size)
    for (code, name) in self.names.enumerated() {
      var place = name.withUnsafeBufferPointer { Self.hash($0) } & (size - 1)
      while places[place] >= 0 { place = (place + 1) & (size - 1) }
      places[place] = Int32(code)
    }
  }

  /// The code of the category; `nil` if there is none with these bytes.
  func code(of bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var place = Self.hash(bytes) & (places.count - 1)
    while places[place] >= 0 {
      let code = Int(places[place])
      if isName(code, bytes) { return code }
      place = (place + 1) & (places.count - 1)
    }
    return nil
  }

  @inline(__always)
  private func isName(_ code: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    names[code].withUnsafeBufferPointer { name in
      guard name.count == bytes.count else { return false }
      for index in 0..<name.count where name[index] != bytes[index] { return false }
      return true
    }
  }

  /// FNV-1a, with its high bits mixed into the low ones.
  @inline(__always)
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var state: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Int(truncatingIfNeeded: state ^ state >> 32)
  }
}
