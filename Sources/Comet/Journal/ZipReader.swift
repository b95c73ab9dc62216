import CZip
import Support

/// Reads ZIP archives. What is in them is not trusted.
public final class ZipReader {
  public let path: String
  private let archive: OpaquePointer
  /// The entries, in order.
  public let entries: [Entry]
  public var names: [String] { entries.map(\.name) }

  /// What an archive says of an entry.
  public struct Entry: Hashable, Sendable {
    public let index: Int
    public let name: String
    /// How many bytes it unpacks to, and how many it takes in the archive; 0 where the archive does not
    /// say.
    public let size: Int
    public let compressedSize: Int
    public let isEncrypted: Bool
    /// The file's type and permissions, where it was packed on a Unix.
    public let mode: UInt32?
  }

  public init(_ path: String) throws(JournalError) {
    self.path = path
    let archive = try Zip.archive(path, ZIP_RDONLY) { $0 == ZIP_ER_NOENT ? .missing : .damaged }
    self.archive = archive
    entries = (0..<max(0, zip_get_num_entries(archive, 0))).map { Self.entry(Int($0), of: archive) }
  }

  private static func entry(_ index: Int, of archive: OpaquePointer) -> Entry {
    let number = zip_uint64_t(index)
    var information = zip_stat_t()
    let isKnown = zip_stat_index(archive, number, 0, &information) == 0
    func value<Number>(_ field: UInt32, _ number: Number) -> Number? {
      isKnown && information.valid & zip_uint64_t(field) != 0 ? number : nil
    }
    var system: zip_uint8_t = 0
    var attributes: zip_uint32_t = 0
    let hasAttributes =
      zip_file_get_external_attributes(archive, number, 0, &system, &attributes) == 0
    return Entry(
      index: index,
      name: zip_get_name(archive, number, 0).map { String(cString: $0) } ?? "",
      size: Int(clamping: value(ZIP_STAT_SIZE, information.size) ?? 0),
      compressedSize: Int(clamping: value(ZIP_STAT_COMP_SIZE, information.comp_size) ?? 0),
      isEncrypted: (value(ZIP_STAT_ENCRYPTION_METHOD, information.encryption_method) ?? 0) != 0,
      mode: hasAttributes && system == ZIP_OPSYS_UNIX ? attributes >> 16 : nil)
  }

  deinit { zip_discard(archive) }

  /// An entry's bytes.
  ///
  /// - Parameter limit: the most bytes that are taken, whatever the archive says of itself.
  public func bytes(of name: String, limit: Int) throws(JournalError) -> [UInt8] {
    var bytes: [UInt8] = []
    try read(entry(named: name), limit: limit) { piece in bytes.append(contentsOf: piece) }
    return bytes
  }

  /// Writes an entry into a file.
  public func extract(_ name: String, to file: String, limit: Int) throws(JournalError) {
    try extract(entry(named: name), to: file, .replace, limit: limit)
  }

  /// Writes an entry into a file that is not there yet.
  public func extract(_ entry: Entry, toNew file: String, limit: Int) throws(JournalError) {
    try extract(entry, to: file, .create, limit: limit)
  }

  private func extract(
    _ entry: Entry, to path: String, _ mode: OpenFile.Mode, limit: Int
  ) throws(JournalError) {
    let file = try JournalError.withFiles { () throws(FileError) in try OpenFile(path, mode) }
    try read(entry, limit: limit) { piece throws(JournalError) in
      try JournalError.withFiles { () throws(FileError) in try file.write(piece) }
    }
    try JournalError.withFiles { () throws(FileError) in try file.close() }
  }

  private func entry(named name: String) throws(JournalError) -> Entry {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw JournalError(.damaged, path, "\(name): there is no such entry")
    }
    return entry
  }

  private func read(
    _ wanted: Entry, limit: Int, _ take: (UnsafeRawBufferPointer) throws(JournalError) -> Void
  ) throws(JournalError) {
    let name = wanted.name
    guard let entry = zip_fopen_index(archive, zip_uint64_t(wanted.index), 0) else {
      throw JournalError(.damaged, path, "\(name): \(String(cString: zip_strerror(archive)))")
    }
    defer { zip_fclose(entry) }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var total = 0
    while true {
      let count = Int(zip_fread(entry, &buffer, zip_uint64_t(buffer.count)))
      guard count >= 0 else {
        throw JournalError(.damaged, path, "\(name): it cannot be unpacked")
      }
      if count == 0 { return }
      total += count
      guard total <= limit else {
        throw JournalError(.damaged, path, "\(name): it has more than \(limit) bytes")
      }
      try buffer.withUnsafeBufferPointer { buffer throws(JournalError) in
        try take(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: buffer[..<count])))
      }
    }
  }
}
