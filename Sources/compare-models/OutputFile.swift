import ModelComparison
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
  private let temporary: String?
  private let descriptor: Int32
  private let isOpen = Mutex(true)

  init(path: String) throws(FileError) {
    self.path = path
    var information = stat()
    let isSpecial = stat(path, &information) == 0 && information.st_mode & S_IFMT != S_IFREG
    temporary = isSpecial ? nil : path + ".partial"
    descriptor = open(
      temporary ?? path, O_WRONLY | O_CLOEXEC | (isSpecial ? 0 : O_CREAT | O_TRUNC), 0o666)
    guard descriptor >= 0 else { throw .last(.cannotCreate, path) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    try Streams.write(bytes, to: descriptor, name: path)
  }

  /// Gives the file its name.
  func finish() throws(FileError) {
    try isOpen.withLock { isOpen throws(FileError) in
      guard isOpen else { return }
      guard close(descriptor) == 0 else { throw .last(.cannotWrite, path) }
      if let temporary, rename(temporary, path) != 0 { throw .last(.cannotCreate, path) }
      isOpen = false
    }
  }

  /// Removes what was written, unless the file has its name already.
  func abandon() {
    isOpen.withLock { isOpen in
      guard isOpen else { return }
      isOpen = false
      close(descriptor)
      if let temporary { unlink(temporary) }
    }
  }
}
