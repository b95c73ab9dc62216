import CZip
import Support

enum Zip {
  private static let opening = Mutex(())

  /// Opens an archive.
  ///
  /// One at a time: at its first use libzip 1.7.3 computes what it asks of a file, in two steps and
  /// without a lock, and a thread that comes between them is told that its file cannot be written.
  ///
  /// - Parameter kind: what libzip's number of an error means.
  static func archive(
    _ path: String, _ flags: Int32, _ kind: (_ code: Int32) -> JournalError.Kind
  ) throws(JournalError) -> OpaquePointer {
    try opening.withLock { _ throws(JournalError) in
      var error = zip_error_t()
      zip_error_init(&error)
      defer { zip_error_fini(&error) }
      let source = zip_source_file_create(path, 0, -1, &error)
      guard let source, let archive = zip_open_from_source(source, flags, &error) else {
        zip_source_free(source)
        throw JournalError(
          kind(zip_error_code_zip(&error)), path, String(cString: zip_error_strerror(&error)))
      }
      return archive
    }
  }
}
