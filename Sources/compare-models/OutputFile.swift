import Comparison
import Support
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A file that is written piece by piece under a temporary name, and gets its own when it is whole.
///
/// What is no regular file, such as a pipe or a device, is written to as it is.
final class OutputFile: Sendable {
  private let path: String
  private let state = Mutex(State.new)

  private enum State {
    case new
    /// - Parameter temporary: the name that the file has meanwhile.
    case open(descriptor: Int32, temporary: String?)
    case ended
  }

  init(path: String) { self.path = path }

  /// Makes the file.
  func create() throws(FileError) {
    try state.withLock { state throws(FileError) in
      guard case .new = state else { return }
      var information = stat()
      let isSpecial = stat(path, &information) == 0 && information.st_mode & S_IFMT != S_IFREG
      let temporary = isSpecial ? nil : path + ".partial"
      let descriptor = open(
        temporary ?? path, O_WRONLY | O_CLOEXEC | (isSpecial ? 0 : O_CREAT | O_TRUNC), 0o666)
      guard descriptor >= 0 else { throw .last(.cannotCreate, path) }
      state = .open(descriptor: descriptor, temporary: temporary)
    }
  }

  /// Writes all of the bytes, unless the file was abandoned meanwhile.
  func write(_ bytes: UnsafeRawBufferPointer) throws(StreamError) {
    guard case .open(let descriptor, _) = state.withLock({ $0 }) else { return }
    try Streams.write(bytes, to: descriptor, name: path)
  }

  /// Gives the file its name.
  func finish() throws(FileError) {
    try state.withLock { state throws(FileError) in
      guard case .open(let descriptor, let temporary) = state else { return }
      state = .ended
      guard close(descriptor) == 0 else {
        let error = FileError.last(.cannotWrite, path)
        if let temporary { unlink(temporary) }
        throw error
      }
      guard let temporary, rename(temporary, path) != 0 else { return }
      let error = FileError.last(.cannotCreate, path)
      unlink(temporary)
      throw error
    }
  }

  /// Removes what was written, unless the file has its name already.
  func abandon() {
    state.withLock { state in
      // Not closed: another thread may be writing, and the process is about to end.
      if case .open(_, let temporary) = state, let temporary { unlink(temporary) }
      state = .ended
    }
  }
}
