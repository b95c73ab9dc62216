import CZip

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

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
    var code: Int32 = 0
    archive = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code)
    guard archive != nil else { throw JournalError(.cannotCreate, path, ZipText.error(code)) }
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
  /// The names of the entries, in order.
  public let names: [String]

  public init(_ path: String) throws(JournalError) {
    self.path = path
    var code: Int32 = 0
    guard let archive = zip_open(path, ZIP_RDONLY, &code) else {
      throw JournalError(code == ZIP_ER_NOENT ? .missing : .damaged, path, ZipText.error(code))
    }
    self.archive = archive
    names = (0..<max(0, zip_get_num_entries(archive, 0))).map { index in
      zip_get_name(archive, zip_uint64_t(index), 0).map { String(cString: $0) } ?? ""
    }
  }

  deinit { zip_discard(archive) }

  /// An entry's bytes.
  ///
  /// - Parameter limit: the most bytes that are taken, whatever the archive says of itself.
  public func bytes(of name: String, limit: Int) throws(JournalError) -> [UInt8] {
    var bytes: [UInt8] = []
    try read(name, limit: limit) { piece in bytes.append(contentsOf: piece) }
    return bytes
  }

  /// Writes an entry into a file.
  public func extract(_ name: String, to file: String, limit: Int) throws(JournalError) {
    guard let stream = fopen(file, "wb") else { throw .last(.cannotCreate, file) }
    var isWritten = true
    do throws(JournalError) {
      try read(name, limit: limit) { piece in
        isWritten = isWritten && fwrite(piece.baseAddress, 1, piece.count, stream) == piece.count
      }
    } catch {
      fclose(stream)
      throw error
    }
    guard fclose(stream) == 0, isWritten else { throw .last(.cannotWrite, file) }
  }

  private func read(
    _ name: String, limit: Int, _ take: (UnsafeRawBufferPointer) -> Void
  ) throws(JournalError) {
    guard let entry = zip_fopen(archive, name, 0) else {
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

private enum ZipText {
  static func error(_ code: Int32) -> String {
    var error = zip_error_t()
    zip_error_init_with_code(&error, code)
    defer { zip_error_fini(&error) }
    return String(cString: zip_error_strerror(&error))
  }
}
