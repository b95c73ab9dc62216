import Support

/// A file, a pipe or the standard input that is read from its start to its end, expanded where it is gzip, and
/// converted to UTF-8.
final class InputFile {
  /// The name without its folder, for errors.
  let name: String
  private(set) var isAtEnd = false
  /// Whether all bytes were ASCII, and none zero, so far.
  private(set) var isPlainText = true

  private let file: OpenFile
  /// In bytes, as far as the system knows.
  private let size: Int
  private var gzip: GzipExpansion?
  private var converter: TextConverter?
  /// What was read but not returned yet.
  private var pending: ArraySlice<UInt8> = []
  /// The bytes read at a time: few enough to be still in the cache when they are checked.
  private static let pieceSize = 1 << 18

  /// - Parameters:
  ///   - path: "-" for the standard input.
  ///   - encoding: `nil` for UTF-8.
  init(_ path: String, _ encoding: TextEncoding? = nil) throws(DatasetError) {
    name = Self.name(of: path)
    (file, size) = try Self.opened(path)
    var start = try more(FileKind.length)
    if start.starts(with: [0x1f, 0x8b]) {
      gzip = GzipExpansion(start)
      start = try more(FileKind.length)
    }
    if let problem = FileKind.problem(start, path: path) {
      throw DatasetError(.badData, "\(name): \(problem)")
    }
    if let encoding, encoding != .utf8 {
      converter = TextConverter(encoding)
      start = try converted(start)
    } else if start.starts(with: [0xff, 0xfe]) || start.starts(with: [0xfe, 0xff]) {
      throw DatasetError(
        .badData,
        "\(name):1: expected UTF-8, found the byte order mark of UTF-16; "
          + TextEncoding.advice(.utf16))
    }
    pending = start[...]
  }

  static func name(of path: String) -> String {
    path == "-" ? "standard input" : Files.name(of: path)
  }

  private static func opened(_ path: String) throws(DatasetError) -> (OpenFile, size: Int) {
    do throws(FileError) {
      let file = try path == "-" ? OpenFile.standardInput : OpenFile(path, .read)
      let information = try file.information
      if information.kind != .folder { return (file, information.size) }
    } catch {
      throw unreadable(error)
    }
    throw DatasetError(.missingFile, "\(path): expected a CSV file, found a folder")
  }

  /// The complete file, which must be text, followed by ``CSVGrammar/padding``.
  static func text(
    of path: String, _ encoding: TextEncoding? = nil
  ) throws(DatasetError) -> [UInt8] {
    let file = try InputFile(path, encoding)
    var size = max(1 << 16, file.size + 1)
    var bytes: [UInt8] = CSVGrammar.padding
    // A file that is longer than the system said, such as a pipe, takes more than one turn.
    while !file.isAtEnd {
      bytes = try file.continued(bytes, to: size)
      size *= 2
    }
    if !file.isPlainText, let flaw = bytes.withUnsafeBufferPointer({ $0.textFlaw(firstLine: 1) }) {
      throw DatasetError(flaw, in: file.name)
    }
    return bytes
  }

  /// The bytes followed by more of the file, up to a size; both end with padding.
  func continued(_ bytes: [UInt8], to size: Int) throws(DatasetError) -> [UInt8] {
    var (isAtEnd, isPlainText) = (isAtEnd, isPlainText)
    var failure: DatasetError?
    let padding = CSVGrammar.padding
    let continued = [UInt8](unsafeUninitializedCapacity: size + padding.count) { buffer, count in
      LargePages.request(for: buffer)
      count = buffer.initialize(fromContentsOf: bytes.dropLast(padding.count))
      do throws(DatasetError) {
        while count < size, !isAtEnd {
          let room = UnsafeMutableBufferPointer(
            rebasing: buffer[count..<min(size, count + Self.pieceSize)])
          let length = try read(into: room)
          if length == 0 { isAtEnd = true }
          if !UnsafeBufferPointer(rebasing: room[..<length]).isPlainText { isPlainText = false }
          count += length
        }
      } catch {
        failure = error
      }
      count = buffer[count...].initialize(fromContentsOf: padding)
    }
    if let failure { throw failure }
    (self.isAtEnd, self.isPlainText) = (isAtEnd, isPlainText)
    return continued
  }

  /// Fills a buffer as far as there is something to fill it with; returns 0 at the end.
  private func read(
    into room: UnsafeMutableBufferPointer<UInt8>
  ) throws(DatasetError) -> Int {
    if pending.isEmpty {
      guard converter != nil else {
        return try readUnconverted(into: UnsafeMutableRawBufferPointer(room))
      }
      pending = try converted(more(1 << 16))[...]
    }
    let part = pending.prefix(room.count)
    pending.removeFirst(part.count)
    _ = room.update(fromContentsOf: part)
    return part.count
  }

  /// Fewer bytes than asked for are the last ones.
  private func more(_ count: Int) throws(DatasetError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    defer { buffer.deallocate() }
    var filled = 0
    while filled < count {
      let length = try readUnconverted(
        into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      if length == 0 { break }
      filled += length
    }
    return Array(buffer[..<filled])
  }

  private func converted(_ bytes: [UInt8]) throws(DatasetError) -> [UInt8] {
    do throws(CSVError) {
      return try converter?.converted(bytes) ?? bytes
    } catch {
      throw DatasetError(error, in: name)
    }
  }

  private func readUnconverted(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(DatasetError) -> Int {
    do throws(FileError) {
      guard let gzip else { return try file.read(into: buffer) }
      if let length = try gzip.expand(into: buffer, file.read(into:)) { return length }
    } catch {
      throw Self.unreadable(error)
    }
    throw DatasetError(
      .badData, "\(name): expected a complete gzip file, found a damaged or shortened one")
  }

  private static func unreadable(_ error: FileError) -> DatasetError {
    DatasetError(
      .missingFile, "\(error.path): expected a CSV file that can be read: \(error.problem)")
  }
}
