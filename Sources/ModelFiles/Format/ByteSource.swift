#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Bytes that are read piece by piece, a file's or an array's, so that a large file is never in memory
/// twice.
///
/// A file is read, not mapped: one that somebody cuts meanwhile gives an error, not a signal.
final class ByteSource {
  /// What errors call the file.
  let name: String
  let count: Int
  private let storage: Storage

  private enum Storage {
    case array([UInt8])
    case descriptor(Int32)
  }

  init(_ bytes: [UInt8], name: String) {
    self.name = name
    count = bytes.count
    storage = .array(bytes)
  }

  /// Opens a regular file.
  init(contentsOf path: String) throws(ModelFileError) {
    name = path
    // Without waiting: a pipe in a file's place must not stop the program.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw ModelFileError(.missingFile, path, String(cString: strerror(errno)))
    }
    var information = stat()
    guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw ModelFileError(.missingFile, path, "expected a file, found something else")
    }
    count = Int(information.st_size)
    storage = .descriptor(descriptor)
  }

  deinit {
    if case .descriptor(let descriptor) = storage { close(descriptor) }
  }

  /// Fills a buffer with the bytes from `offset` on.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ModelFileError) {
    switch storage {
    case .array(let bytes):
      guard offset >= 0, buffer.count <= bytes.count - offset else { throw ended }
      bytes.withUnsafeBytes {
        buffer.copyMemory(
          from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + buffer.count]))
      }
    case .descriptor(let descriptor):
      var done = 0
      while done < buffer.count {
        let length = pread(
          descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
        if length < 0, errno == EINTR { continue }
        guard length >= 0 else {
          throw ModelFileError(.missingFile, name, String(cString: strerror(errno)))
        }
        guard length > 0 else { throw ended }
        done += length
      }
    }
  }

  /// The bytes of a range.
  func bytes(_ range: Range<Int>) throws(ModelFileError) -> [UInt8] {
    var failure: ModelFileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initialized in
      do throws(ModelFileError) {
        try read(at: range.lowerBound, into: UnsafeMutableRawBufferPointer(buffer))
        initialized = range.count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  private var ended: ModelFileError {
    ModelFileError(.badData, name, "the file ended while it was read")
  }
}
