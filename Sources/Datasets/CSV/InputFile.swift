import Support

/// A file or a pipe that is read from its start to its end.
struct InputFile: ~Copyable {
  /// The name without its folder, for errors.
  let name: String
  private(set) var isAtEnd = false
  /// Whether all bytes were ASCII, and none zero, so far.
  private(set) var isPlainText = true

  private let file: OpenFile
  /// In bytes, as far as the system knows.
  private let size: Int
  /// The bytes read at a time: few enough to be still in the cache when they are checked.
  private static let pieceSize = 1 << 18

  init(_ path: String) throws(DatasetError) {
    name = Files.name(of: path)
    (file, size) = try Self.opened(path)
  }

  private static func opened(_ path: String) throws(DatasetError) -> (OpenFile, size: Int) {
    do throws(FileError) {
      let file = try OpenFile(path, .read)
      let information = try file.information
      if information.kind != .folder { return (file, information.size) }
    } catch {
      throw unreadable(error)
    }
    throw DatasetError(.missingFile, "\(path): expected a CSV file, found a folder")
  }

  /// The complete file, which must be UTF-8 text, followed by ``CSVGrammar/padding``.
  static func text(of path: String) throws(DatasetError) -> [UInt8] {
    var file = try InputFile(path)
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
  mutating func continued(_ bytes: [UInt8], to size: Int) throws(DatasetError) -> [UInt8] {
    var (isAtEnd, isPlainText) = (isAtEnd, isPlainText)
    var failure: FileError?
    let padding = CSVGrammar.padding
    let continued = [UInt8](unsafeUninitializedCapacity: size + padding.count) { buffer, count in
      LargePages.request(for: buffer)
      count = buffer.initialize(fromContentsOf: bytes.dropLast(padding.count))
      do throws(FileError) {
        while count < size, !isAtEnd {
          let room = UnsafeMutableBufferPointer(
            rebasing: buffer[count..<min(size, count + Self.pieceSize)])
          let length = try file.read(into: UnsafeMutableRawBufferPointer(room))
          if length == 0 { isAtEnd = true }
          if !UnsafeBufferPointer(rebasing: room[..<length]).isPlainText { isPlainText = false }
          count += length
        }
      } catch {
        failure = error
      }
      count = buffer[count...].initialize(fromContentsOf: padding)
    }
    if let failure { throw Self.unreadable(failure) }
    (self.isAtEnd, self.isPlainText) = (isAtEnd, isPlainText)
    return continued
  }

  private static func unreadable(_ error: FileError) -> DatasetError {
    DatasetError(
      .missingFile, "\(error.path): expected a CSV file that can be read: \(error.problem)")
  }
}
