import CZip
import Support

/// Writes ZIP archives.
///
/// The archive appears under its name when it is whole.
struct ZipWriter: ~Copyable {
  enum Content {
    case bytes([UInt8])
    /// The path of a file.
    case file(String)
  }

  private let path: String
  private var archive: OpaquePointer?
  /// What libzip reads when the archive is closed.
  private var buffers: [UnsafeMutableRawPointer] = []

  init(_ path: String) throws(JournalError) {
    self.path = path
    do throws(ZipError) {
      archive = try Zip.archive(path, ZIP_CREATE | ZIP_TRUNCATE)
    } catch {
      throw JournalError(.cannotCreate, path, error.problem)
    }
  }

  deinit {
    if let archive { zip_discard(archive) }
    for buffer in buffers { buffer.deallocate() }
  }

  /// Adds an entry, stored as it is: deflating a run's files would take longer than the run.
  mutating func add(_ name: String, _ content: Content) throws(JournalError) {
    let source: OpaquePointer?
    switch content {
    case .bytes(let bytes):
      let buffer = UnsafeMutableRawPointer.allocate(byteCount: max(1, bytes.count), alignment: 1)
      bytes.withUnsafeBytes {
        buffer.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(buffer), byteCount: $0.count)
      }
      buffers.append(buffer)
      source = zip_source_buffer(archive, buffer, zip_uint64_t(bytes.count), 0)
    case .file(let file):
      source = zip_source_file(archive, file, 0, -1)
    }
    let index = zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8)
    guard index >= 0 else {
      let problem = problem
      zip_source_free(source)
      throw JournalError(.cannotWrite, path, "\(name): \(problem)")
    }
    zip_set_file_compression(archive, zip_uint64_t(index), ZIP_CM_STORE, 0)
  }

  /// Writes the archive.
  consuming func close() throws(JournalError) {
    guard zip_close(archive) == 0 else {
      let problem = problem
      throw JournalError(.cannotWrite, path, problem)
    }
    archive = nil
  }

  private var problem: String { String(cString: zip_strerror(archive)) }
}

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
    let archive: OpaquePointer
    do throws(ZipError) {
      archive = try Zip.archive(path, ZIP_RDONLY)
    } catch {
      throw JournalError(error.code == ZIP_ER_NOENT ? .missing : .damaged, path, error.problem)
    }
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
    let file: OpenFile
    do throws(FileError) {
      file = try OpenFile(path, mode)
    } catch {
      throw JournalError(.cannotCreate, error)
    }
    var failure: FileError?
    func take(_ piece: UnsafeRawBufferPointer?) {
      guard failure == nil else { return }
      do throws(FileError) {
        if let piece { try file.write(piece) } else { try file.close() }
      } catch {
        failure = error
      }
    }
    try read(entry, limit: limit, take)
    take(nil)
    if let failure { throw JournalError(.cannotWrite, failure) }
  }

  private func entry(named name: String) throws(JournalError) -> Entry {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw JournalError(.damaged, path, "\(name): there is no such entry")
    }
    return entry
  }

  private func read(
    _ wanted: Entry, limit: Int, _ take: (UnsafeRawBufferPointer) -> Void
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
      buffer.withUnsafeBytes { take(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
  }
}

private enum Zip {
  private static let opening = Mutex(())

  /// One archive at a time: at its first use libzip 1.7.3 computes what it asks of a file, in two steps
  /// and without a lock, and a thread that comes between them is told that its file cannot be written.
  static func archive(_ path: String, _ flags: Int32) throws(ZipError) -> OpaquePointer {
    try opening.withLock { _ throws(ZipError) in
      var error = zip_error_t()
      zip_error_init(&error)
      defer { zip_error_fini(&error) }
      guard let source = zip_source_file_create(path, 0, -1, &error) else {
        throw ZipError(&error)
      }
      guard let archive = zip_open_from_source(source, flags, &error) else {
        zip_source_free(source)
        throw ZipError(&error)
      }
      return archive
    }
  }
}

/// Why libzip did not open an archive.
private struct ZipError: Error {
  let code: Int32
  /// libzip's words, with the system's where it has some.
  let problem: String

  init(_ error: inout zip_error_t) {
    code = zip_error_code_zip(&error)
    problem = String(cString: zip_error_strerror(&error))
  }
}
