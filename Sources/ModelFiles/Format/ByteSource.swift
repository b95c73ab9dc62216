import Support

/// The bytes of a file or an array, read piece by piece, so that a large file is never in memory twice.
///
/// A file is read and not mapped: if it is truncated meanwhile, there is an error and not a signal.
final class ByteSource {
  /// The file's name in errors.
  let name: String
  let count: Int
  private let storage: Storage

  private enum Storage {
    case array([UInt8])
    case file(OpenFile)
  }

  init(_ bytes: [UInt8], name: String) {
    self.name = name
    count = bytes.count
    storage = .array(bytes)
  }

  /// Opens a regular file.
  init(contentsOf path: String) throws(ModelFileError) {
    name = path
    do throws(FileError) {
      // Without waiting: a pipe in place of the file must not block the program.
      let file = try OpenFile(path, .readWithoutWaiting)
      let information = try file.information
      guard information.kind == .file else {
        throw FileError(.cannotRead, path, "expected a file, found something else")
      }
      count = information.size
      storage = .file(file)
    } catch {
      throw ModelFileError(.missingFile, path, error.problem)
    }
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
    case .file(let file):
      let length: Int
      do throws(FileError) {
        length = try file.read(at: offset, into: buffer)
      } catch {
        throw ModelFileError(.missingFile, name, error.problem)
      }
      guard length == buffer.count else { throw ended }
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
