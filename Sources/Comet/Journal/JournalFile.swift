public import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A file of a journal or an archive that could not be made, read or written.
public struct JournalError: Error, Hashable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    case missing
    case cannotCreate
    case cannotWrite
    /// Another process writes it.
    case inUse
    /// Its process ended before anything was recorded.
    case empty
    /// What is in it is not what must be in it.
    case damaged
    /// It is to be gone on with, and there is nothing to add.
    case finished
  }

  public let kind: Kind
  public let path: String
  public let problem: String

  public var description: String { "\(path): \(problem)" }

  init(_ kind: Kind, _ path: String, _ problem: String) {
    self.kind = kind
    self.path = path
    self.problem = problem
  }

  /// The error that the C library has just reported.
  static func last(_ kind: Kind, _ path: String) -> JournalError {
    JournalError(kind, path, String(cString: strerror(errno)))
  }
}

/// A file that grows at its end and is read anywhere, for one process at a time.
///
/// The lock goes with the process, however it ends.
final class JournalFile: Sendable {
  let path: String
  private let descriptor: Int32

  /// Makes a new file.
  init(creating path: String) throws(JournalError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .last(.cannotCreate, path) }
    // Nobody else knows a file that has just been made.
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
  }

  /// Opens a file that is there.
  init(opening path: String) throws(JournalError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .last(errno == ENOENT ? .missing : .cannotWrite, path)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw JournalError(
        .inUse, path, "another process is writing it; wait until it has ended")
    }
  }

  deinit { close(descriptor) }

  /// Writes all of the bytes, in one call where the system takes them in one.
  func append(_ bytes: [UInt8]) throws(JournalError) {
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress! + start, $0.count - start)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .last(.cannotWrite, path) }
      start += count
    }
  }

  /// Brings what was written to the disk itself, so that it outlives the machine.
  func flush() {
    #if canImport(Darwin)
      _ = fcntl(descriptor, F_FULLFSYNC)
    #else
      // A disk that cannot do it loses at most what a power cut loses.
      _ = fdatasync(descriptor)
    #endif
  }

  func read(at offset: Int, count: Int) throws(JournalError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress! + filled, count - filled, off_t(offset + filled))
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw .last(.damaged, path) }
      filled += got
    }
    return bytes
  }

  var size: Int { Int(information.st_size) }

  /// When the file was last written, in milliseconds since 1970.
  var changeTime: Int {
    #if canImport(Darwin)
      let time = information.st_mtimespec
    #else
      let time = information.st_mtim
    #endif
    return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
  }

  private var information: stat {
    var information = stat()
    fstat(descriptor, &information)
    return information
  }

  /// Cuts off what stands behind a place.
  func truncate(to size: Int) throws(JournalError) {
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw .last(.cannotWrite, path) }
  }
}

extension JournalError: ExitStatusProviding {
  public var exitStatus: Int32 {
    switch kind {
    case .missing: 66
    case .cannotCreate: 73
    case .cannotWrite: 74
    case .inUse: 75
    case .empty, .damaged, .finished: 65
    }
  }
}
