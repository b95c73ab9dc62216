#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A file or a pipe that is read from its start to its end.
struct InputFile: ~Copyable {
  /// The name without its folder, as errors have it.
  let name: String
  private(set) var isAtEnd = false
  /// Whether all bytes were ASCII, and none zero, so far.
  private(set) var isPlainText = true

  private let path: String
  private let descriptor: Int32
  /// Enough for a call, and few enough that they are still in the cache when they are looked at.
  private static let pieceSize = 1 << 18

  init(_ path: String) throws(DatasetError) {
    self.path = path
    name = path.split(separator: "/").last.map(String.init) ?? path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.unreadable(path) }
    if try information().st_mode & S_IFMT == S_IFDIR {
      throw DatasetError(.missingFile, "\(path): expected a CSV file, found a folder")
    }
  }

  deinit { close(descriptor) }

  /// The whole file, which is text, with ``CSVGrammar/padding`` behind it.
  static func text(of path: String) throws(DatasetError) -> [UInt8] {
    var file = try InputFile(path)
    var size = max(1 << 16, Int(try file.information().st_size) + 1)
    var bytes: [UInt8] = CSVGrammar.padding
    // What is longer than the system said, such as a pipe, takes more than one turn.
    while !file.isAtEnd {
      bytes = try file.continued(bytes, to: size)
      size *= 2
    }
    if !file.isPlainText, let flaw = bytes.withUnsafeBufferPointer({ $0.textFlaw(firstLine: 1) }) {
      throw DatasetError(.badData, "\(file.name):\(flaw.line): \(flaw.problem)")
    }
    return bytes
  }

  /// The bytes with more of the file behind them, up to a size; padding stands behind them before and
  /// after.
  mutating func continued(_ bytes: [UInt8], to size: Int) throws(DatasetError) -> [UInt8] {
    var (isAtEnd, isPlainText, isReadable) = (isAtEnd, isPlainText, true)
    let padding = CSVGrammar.padding
    let continued = [UInt8](unsafeUninitializedCapacity: size + padding.count) { buffer, count in
      LargePages.request(for: buffer)
      count = buffer.initialize(fromContentsOf: bytes.dropLast(padding.count))
      while count < size, isReadable, !isAtEnd {
        let room = UnsafeMutableBufferPointer(
          rebasing: buffer[count..<min(size, count + Self.pieceSize)])
        let length = read(descriptor, room.baseAddress, room.count)
        if length > 0 {
          if !UnsafeBufferPointer(rebasing: room[..<length]).isPlainText { isPlainText = false }
          count += length
        } else if length == 0 {
          isAtEnd = true
        } else if errno != EINTR {
          isReadable = false
        }
      }
      count = buffer[count...].initialize(fromContentsOf: padding)
    }
    guard isReadable else { throw Self.unreadable(path) }
    (self.isAtEnd, self.isPlainText) = (isAtEnd, isPlainText)
    return continued
  }

  private func information() throws(DatasetError) -> stat {
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw Self.unreadable(path) }
    return information
  }

  /// The error that the C library has just reported.
  private static func unreadable(_ path: String) -> DatasetError {
    DatasetError(
      .missingFile,
      "\(path): expected a CSV file that can be read: \(String(cString: strerror(errno)))")
  }
}
