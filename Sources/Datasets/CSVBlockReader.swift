#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Reads a CSV file of any size block by block, every block made of whole rows.
///
/// The file may also be a pipe. Memory is a few blocks, however long the file is.
package final class CSVBlockReader {
  /// The size of a block in bytes; a row that is longer makes its block longer.
  package static let blockSize = 1 << 18
  /// The longest row that is read, in bytes.
  static let rowLimit = 1 << 24

  package let fileName: String
  /// The names of the columns; empty for an unnamed first column.
  package let columnNames: [String]
  package let separator: UInt8
  /// The first line without its end.
  package let header: [UInt8]
  /// The end of the first line, with which rows may be written again.
  package let lineEnd: [UInt8]
  /// The line of the file on which the first block starts.
  package let firstLine: Int

  private let path: String
  private let descriptor: Int32
  /// What was read and not yet given out.
  private var pending: [UInt8] = []
  private var isAtEnd = false

  package init(contentsOf path: String) throws(DatasetError) {
    self.path = path
    fileName = path.split(separator: "/").last.map(String.init) ?? path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileBytes.unreadable(path) }
    var bytes: [UInt8] = []
    do throws(DatasetError) {
      var information = stat()
      guard fstat(descriptor, &information) == 0 else { throw FileBytes.unreadable(path) }
      if information.st_mode & S_IFMT == S_IFDIR {
        throw DatasetError(.missingFile, "\(path): expected a CSV file, found a folder")
      }
      var end: Int?
      while end == nil, !isAtEnd {
        bytes = try Self.fill(bytes, from: descriptor, path, isAtEnd: &isAtEnd)
        end = Self.firstRowEnd(of: bytes, isWhole: isAtEnd)
        guard bytes.count <= Self.rowLimit else {
          throw DatasetError(.badData, "\(fileName):1: expected a line of column names")
        }
      }
      let start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
      let headerEnd = end ?? bytes.count
      guard headerEnd > start else {
        throw DatasetError(
          .badData, "\(fileName): expected a line of column names, found an empty file")
      }
      let line = bytes[start..<headerEnd]
      try FileBytes.checkText(Array(line), fileName: fileName)
      let ending = line.suffix(2).filter { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }
      lineEnd = ending.isEmpty ? [UInt8(ascii: "\n")] : ending
      header = Array(line.dropLast(ending.count))
      separator = CSVReader.separator(of: line)
      var names: [String] = []
      let headerLines: Int
      do throws(CSVBlock.RowError) {
        headerLines = try CSVBlock(Array(line), separator: separator).forEachRow { _, cells, _ in
          names = cells.map(\.text)
        }
      } catch {
        throw DatasetError(.badData, "\(fileName):\(1 + error.line): \(error.problem)")
      }
      if names.isEmpty {
        throw DatasetError(.badData, "\(fileName):1: expected a line of column names")
      }
      if let failure = CSVReader.headerError(names, fileName: fileName) { throw failure }
      firstLine = 1 + headerLines
      columnNames = names
      pending = Array(bytes[headerEnd...])
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// The next rows; `nil` at the end of the file.
  package func next() throws(DatasetError) -> CSVBlock? {
    var bytes = pending
    while true {
      if !isAtEnd {
        bytes = try Self.fill(bytes, from: descriptor, path, isAtEnd: &isAtEnd)
      }
      var end = Self.lastRowEnd(of: bytes)
      let isTooLong = end == 0 && bytes.count > Self.rowLimit
      if isAtEnd { end = bytes.count }
      if end > 0 || isTooLong {
        let length = isTooLong ? bytes.count : end
        pending = Array(bytes[length...])
        bytes.removeLast(bytes.count - length)
        return CSVBlock(bytes, separator: separator, isCut: isTooLong)
      }
      if isAtEnd { return nil }
    }
  }

  /// The bytes with a block of the file behind them, more where a row is longer, or with all that is left
  /// of it.
  private static func fill(
    _ bytes: [UInt8], from descriptor: Int32, _ path: String, isAtEnd: inout Bool
  ) throws(DatasetError) -> [UInt8] {
    let size = bytes.count + max(blockSize, min(bytes.count, rowLimit - bytes.count))
    var isReadable = true
    // With room for the line ends that a block gets.
    let filled = [UInt8](unsafeUninitializedCapacity: size + CSVBlock.padding) { buffer, count in
      count = buffer[..<size].initialize(fromContentsOf: bytes)
      while count < size, isReadable, !isAtEnd {
        let length = read(descriptor, buffer.baseAddress! + count, size - count)
        if length > 0 {
          count += length
        } else if length == 0 {
          isAtEnd = true
        } else if errno != EINTR {
          isReadable = false
        }
      }
    }
    guard isReadable else { throw FileBytes.unreadable(path) }
    return filled
  }

  /// The position behind the first row's line end; `nil` where that has not been read yet.
  private static func firstRowEnd(of bytes: [UInt8], isWhole: Bool) -> Int? {
    var isQuoted = false
    for (index, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      guard !isQuoted, byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else { continue }
      if byte == UInt8(ascii: "\n") { return index + 1 }
      guard index + 1 < bytes.count else { return isWhole ? index + 1 : nil }
      return bytes[index + 1] == UInt8(ascii: "\n") ? index + 2 : index + 1
    }
    return nil
  }

  /// The position behind the last line end that stands in no quotes; 0 where there is none.
  private static func lastRowEnd(of bytes: [UInt8]) -> Int {
    bytes.withUnsafeBufferPointer { buffer in
      // Without quotes, the last line end is found from behind.
      if buffer.count(of: UInt8(ascii: "\""), or: UInt8(ascii: "\r")) == 0 {
        return (buffer.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
      }
      var isQuoted = false
      var end = 0
      for index in buffer.indices {
        let byte = buffer[index]
        if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
        if isQuoted { continue }
        if byte == UInt8(ascii: "\n") {
          end = index + 1
        } else if byte == UInt8(ascii: "\r"), index + 1 < buffer.count,
          buffer[index + 1] != UInt8(ascii: "\n")
        {
          end = index + 1
        }
      }
      return end
    }
  }
}
