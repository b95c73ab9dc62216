/// Writes a ZIP archive whose entries are stored as they are.
///
/// - SeeAlso: PKWARE's APPNOTE 6.3, sections 4.3.7 (local header), 4.3.12 (central directory) and
///   4.3.16 (its end). Without ZIP64: fewer than 65,536 entries, 4 GiB in all.
enum StoredZip {
  static func archive(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let offset = archive.count
      let name = Array(entry.name.utf8)
      var shared: [UInt8] = []
      shared.append16(20)  // version needed
      shared.append16(0x0800)  // names are UTF-8
      shared.append16(0)  // stored
      shared.append32(0x0021_0000)  // 1980-01-01
      shared.append32(crc32(of: entry.bytes))
      shared.append32(entry.bytes.count)
      shared.append32(entry.bytes.count)
      shared.append16(name.count)
      shared.append16(0)  // no extra field
      archive.append32(0x0403_4B50)
      archive += shared + name + entry.bytes
      directory.append32(0x0201_4B50)
      directory.append16(0x0314)  // made on Unix
      directory += shared
      directory.append16(0)  // no comment
      directory.append16(0)  // first disk
      directory.append16(0)  // internal attributes
      directory.append32(0o100644 << 16)
      directory.append32(offset)
      directory += name
    }
    let start = archive.count
    archive += directory
    archive.append32(0x0605_4B50)
    archive.append32(0)  // disks
    archive.append16(entries.count)
    archive.append16(entries.count)
    archive.append32(directory.count)
    archive.append32(start)
    archive.append16(0)  // no comment
    return archive
  }
}

extension [UInt8] {
  fileprivate mutating func append16(_ value: Int) {
    append(UInt8(truncatingIfNeeded: value))
    append(UInt8(truncatingIfNeeded: value >> 8))
  }

  fileprivate mutating func append32(_ value: Int) {
    append16(value)
    append16(value >> 16)
  }
}
