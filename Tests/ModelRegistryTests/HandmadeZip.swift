/// A ZIP archive whose every field can be a lie.
///
/// - SeeAlso: PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16.
struct HandmadeZip {
  struct Entry {
    var name: [UInt8]
    var content: [UInt8] = Array("x".utf8)
    /// What both headers say; those of the content where `nil`.
    var size: Int?
    var compressedSize: Int?
    var checksum: UInt32?
    var flags = 0
    /// 0 for stored, 8 for deflated.
    var method = 0
    /// The file's type and permissions.
    var mode = 0o100644
    /// The system that it was packed on: 3 is Unix.
    var system = 3
    /// Whether sizes and checksum follow the content, as in an archive that was sent while it was made.
    var isStreamed = false

    init(_ name: String, _ content: String = "x") {
      self.name = Array(name.utf8)
      self.content = Array(content.utf8)
    }
  }

  var entries: [Entry]

  init(_ entries: [Entry]) { self.entries = entries }

  var bytes: [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let start = archive.count
      let checksum = Int(entry.checksum ?? Self.checksum(entry.content))
      let sizes = (
        entry.compressedSize ?? entry.content.count, entry.size ?? entry.content.count
      )
      func header(_ checksum: Int, _ sizes: (Int, Int)) -> [UInt8] {
        var header: [UInt8] = []
        header.append(20, bytes: 2)
        header.append(entry.flags | (entry.isStreamed ? 8 : 0), bytes: 2)
        header.append(entry.method, bytes: 2)
        header.append(0x0021_0000, bytes: 4)
        header.append(checksum, bytes: 4)
        header.append(sizes.0, bytes: 4)
        header.append(sizes.1, bytes: 4)
        header.append(entry.name.count, bytes: 2)
        header.append(0, bytes: 2)
        return header
      }
      archive.append(0x0403_4b50, bytes: 4)
      archive += entry.isStreamed ? header(0, (0, 0)) : header(checksum, sizes)
      archive += entry.name + entry.content
      if entry.isStreamed {
        archive.append(0x0807_4b50, bytes: 4)
        archive.append(checksum, bytes: 4)
        archive.append(sizes.0, bytes: 4)
        archive.append(sizes.1, bytes: 4)
      }
      directory.append(0x0201_4b50, bytes: 4)
      directory.append(entry.system << 8 | 20, bytes: 2)
      directory += header(checksum, sizes)
      directory.append(0, bytes: 6)
      directory.append(entry.mode << 16, bytes: 4)
      directory.append(start, bytes: 4)
      directory += entry.name
    }
    let start = archive.count
    let count = directory.count
    archive += directory
    archive.append(0x0605_4b50, bytes: 4)
    archive.append(0, bytes: 4)
    archive.append(entries.count, bytes: 2)
    archive.append(entries.count, bytes: 2)
    archive.append(count, bytes: 4)
    archive.append(start, bytes: 4)
    archive.append(0, bytes: 2)
    return archive
  }

  /// Zeros, deflated as far as the fixed code goes: 258 of them in 13 bits.
  static func deflatedZeros(_ runs: Int) -> (bytes: [UInt8], size: Int) {
    var bits: [Int] = [1, 1, 0]  // the last block, with fixed codes
    bits += [0, 0, 1, 1, 0, 0, 0, 0]  // the byte 0
    for _ in 0..<runs {
      bits += [1, 1, 0, 0, 0, 1, 0, 1]  // a length of 258
      bits += [0, 0, 0, 0, 0]  // from one byte before
    }
    bits += [0, 0, 0, 0, 0, 0, 0]  // the end
    var bytes = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
    for (index, bit) in bits.enumerated() where bit == 1 { bytes[index / 8] |= 1 << (index % 8) }
    return (bytes, 1 + runs * 258)
  }

  /// CRC-32, bit by bit.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var remainder: UInt32 = 0xffff_ffff
    for byte in bytes {
      remainder ^= UInt32(byte)
      for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xedb8_8320 : 0) }
    }
    return ~remainder
  }
}

extension [UInt8] {
  /// Appends a number, the lowest byte first.
  fileprivate mutating func append(_ value: Int, bytes count: Int) {
    for byte in 0..<count { append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
  }
}
