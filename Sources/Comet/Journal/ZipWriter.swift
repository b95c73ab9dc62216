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

  init(_ path: String) throws(JournalError) {
    self.path = path
    archive = try Zip.archive(path, ZIP_CREATE | ZIP_TRUNCATE) { _ in .cannotCreate }
  }

  deinit { if let archive { zip_discard(archive) } }

  /// Adds an entry, stored as it is: deflating a run's files would take longer than the run.
  mutating func add(_ name: String, _ content: Content) throws(JournalError) {
    let source: OpaquePointer?
    switch content {
    case .bytes(let bytes):
      // libzip reads it when the archive is closed, and frees it.
      guard let buffer = malloc(max(1, bytes.count)) else {
        throw JournalError(.cannotWrite, path, "\(name): there is no memory for it")
      }
      bytes.withUnsafeBytes { if let start = $0.baseAddress { memcpy(buffer, start, $0.count) } }
      source = zip_source_buffer(archive, buffer, zip_uint64_t(bytes.count), 1)
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
