#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// An open file. It is closed with its last reference, or earlier by ``close()``.
public final class OpenFile: Sendable {
  public enum Mode: Hashable, Sendable {
    /// Read what is there. Opening a pipe waits for somebody who writes to it.
    case read
    /// Read what is there, without waiting for anybody.
    case readWithoutWaiting
    /// A folder itself, to lock it; not a link to one.
    case folder
    /// Write to what is there, such as a pipe or a device.
    case write
    /// Write a file, made or emptied first.
    case replace
    /// Write a file that is not there yet. A link is not followed.
    case create
    /// Read a file and write behind its end.
    case append
    /// Make a file that is not there yet, to read it and write behind its end.
    case createToAppend

    fileprivate var flags: Int32 {
      switch self {
      case .read: O_RDONLY
      case .readWithoutWaiting: O_RDONLY | O_NONBLOCK
      case .folder: O_RDONLY | O_DIRECTORY | O_NOFOLLOW
      case .write: O_WRONLY
      case .replace: O_WRONLY | O_CREAT | O_TRUNC
      case .create: O_WRONLY | O_CREAT | O_EXCL
      case .append: O_RDWR | O_APPEND
      case .createToAppend: O_RDWR | O_APPEND | O_CREAT | O_EXCL
      }
    }

    fileprivate var failure: FileError.Kind {
      switch self {
      case .read, .readWithoutWaiting, .folder: .cannotRead
      case .append: .cannotWrite
      case .write, .replace, .create, .createToAppend: .cannotCreate
      }
    }
  }

  /// What errors call it.
  public let name: String
  private let descriptor: Int32
  private let isClosed = Atomic(false)
  private let isLocked = Atomic(false)

  /// - Parameter name: what errors call the file; its path where it is `nil`.
  public init(_ path: String, _ mode: Mode, name: String? = nil) throws(FileError) {
    self.name = name ?? path
    descriptor = openRetrying(path, mode.flags | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(mode.failure, self.name) }
  }

  /// The standard input, under a descriptor of its own.
  public static var standardInput: OpenFile {
    get throws(FileError) { try OpenFile(duplicating: STDIN_FILENO, name: "standard input") }
  }

  private init(duplicating number: Int32, name: String) throws(FileError) {
    self.name = name
    descriptor = fcntl(number, F_DUPFD_CLOEXEC, 0)
    guard descriptor >= 0 else { throw FileError(.cannotRead, name) }
  }

  deinit { try? close() }

  /// Closes the file now, to learn whether all of it was written.
  public func close() throws(FileError) {
    guard !isClosed.exchange(true, ordering: .relaxed) else { return }
    // A program that another thread is about to start has a copy of the descriptor, and with it the lock, until it runs.
    if isLocked.load(ordering: .relaxed) { flock(descriptor, LOCK_UN) }
    guard closeOnce(descriptor) == 0 else { throw FileError(.cannotWrite, name) }
  }

  public var information: FileInformation {
    get throws(FileError) {
      var information = stat()
      guard fstat(descriptor, &information) == 0 else { throw FileError(.cannotRead, name) }
      return FileInformation(information)
    }
  }

  /// Reads the next bytes, as many as are there and fit.
  ///
  /// - Returns: how many; 0 at the end.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    let count = retrying { readOnce(descriptor, buffer) }
    guard count >= 0 else { throw FileError(.cannotRead, name) }
    return count
  }

  /// Fills a buffer with the bytes from a place in the file on.
  ///
  /// - Returns: how many; fewer than fit where the file ends before.
  public func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FileError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = retrying {
        pread(
          descriptor, buffer.baseAddress! + filled, buffer.count - filled, off_t(offset + filled))
      }
      guard count >= 0 else { throw FileError(.cannotRead, name) }
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// The bytes from a place in the file on.
  ///
  /// - Returns: fewer than `count` where the file ends before.
  public func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    var failure: FileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(FileError) {
        filled = try read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// The next bytes, up to a number of them, or to the file's end.
  public func read(upTo limit: Int) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    var isAtEnd = false
    // A file tells its size, and is read at once; the files of /proc say 0, a pipe knows no size.
    var capacity = min(limit, max(1 << 12, try information.size + 1))
    while bytes.count < limit, !isAtEnd {
      var failure: FileError?
      let piece = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        do throws(FileError) {
          while count < capacity, !isAtEnd {
            let length = try read(
              into: UnsafeMutableRawBufferPointer(
                UnsafeMutableBufferPointer(rebasing: buffer[count...])))
            if length == 0 { isAtEnd = true }
            count += length
          }
        } catch {
          failure = error
        }
      }
      if let failure { throw failure }
      if bytes.isEmpty { bytes = piece } else { bytes += piece }
      capacity = min(limit - bytes.count, 1 << 16)
    }
    return bytes
  }

  /// Writes all of the bytes, in one call where the system takes them in one.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    try Self.write(bytes, to: descriptor, name: name)
  }

  /// Writes all of the bytes, in one call where the system takes them in one.
  public func write(_ bytes: [UInt8]) throws(FileError) {
    try Self.write(bytes, to: descriptor, name: name)
  }

  static func write(_ bytes: [UInt8], to descriptor: Int32, name: String) throws(FileError) {
    try bytes.withUnsafeBufferPointer { bytes throws(FileError) in
      try write(UnsafeRawBufferPointer(bytes), to: descriptor, name: name)
    }
  }

  static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, name: String
  ) throws(FileError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = retrying { writeOnce(descriptor, rest) }
      guard count > 0 else { throw FileError(.cannotWrite, name) }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Brings what was written to the disk itself, so that it outlives a power cut.
  public func flush() throws(FileError) {
    #if canImport(Darwin)
      let result = fcntl(descriptor, F_FULLFSYNC)
    #else
      let result = fsync(descriptor)
    #endif
    guard result == 0 else { throw FileError(.cannotWrite, name) }
  }

  /// Cuts off what stands behind a place.
  public func truncate(to size: Int) throws(FileError) {
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw FileError(.cannotWrite, name) }
  }

  /// Locks the file for this process alone. The lock goes with the file, and with the process, however that ends.
  ///
  /// - Returns: false where another one holds it.
  public func lock() -> Bool {
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
    isLocked.store(true, ordering: .relaxed)
    return true
  }
}

// The system's functions, which a type's own `open`, `read`, `write` and `close` would hide.

private func openRetrying(_ path: String, _ flags: Int32) -> Int32 {
  retrying { open(path, flags, 0o666) }
}

private func closeOnce(_ descriptor: Int32) -> Int32 { close(descriptor) }

private func readOnce(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, buffer.baseAddress, buffer.count)
}

private func writeOnce(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}

/// Asks again when a signal has interrupted the call.
private func retrying<Number: SignedInteger>(_ call: () -> Number) -> Number {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}
