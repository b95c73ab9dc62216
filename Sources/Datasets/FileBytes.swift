#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A file's bytes, read and checked to be text.
enum FileBytes {
  /// Enough for a call, and few enough that they are still in the cache when they are looked at.
  private static let pieceSize = 1 << 18

  /// - Parameter fileName: how errors name the file.
  static func readText(_ path: String, fileName: String) throws(DatasetError) -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw unreadable(path) }
    defer { fclose(file) }
    var information = stat()
    guard fstat(fileno(file), &information) == 0 else { throw unreadable(path) }
    if information.st_mode & S_IFMT == S_IFDIR {
      throw DatasetError(.missingFile, "\(path): expected a CSV file, found a folder")
    }
    var size = max(1 << 16, Int(information.st_size) + 1)
    var isPlain = true
    var bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      LargePages.request(for: buffer)
      while count < size {
        let room = UnsafeMutableBufferPointer(
          rebasing: buffer[count..<min(size, count + pieceSize)])
        let length = fread(room.baseAddress, 1, room.count, file)
        if length == 0 { break }
        if !UnsafeBufferPointer(rebasing: room[..<length]).isPlainText { isPlain = false }
        count += length
      }
    }
    // What is longer than the system said, such as a pipe.
    while bytes.count == size {
      isPlain = false
      bytes.append(contentsOf: repeatElement(0, count: size))
      let read = bytes.withUnsafeMutableBytes { fread($0.baseAddress! + size, 1, size, file) }
      bytes.removeLast(size - read)
      size *= 2
    }
    if ferror(file) != 0 { throw unreadable(path) }
    if !isPlain || bytes.isEmpty { try checkText(bytes, fileName: fileName) }
    return bytes
  }

  /// The error that the C library has just reported.
  static func unreadable(_ path: String) -> DatasetError {
    DatasetError(
      .missingFile,
      "\(path): expected a CSV file that can be read: \(String(cString: strerror(errno)))")
  }

  /// Refuses empty files, zero bytes, and bytes that are not UTF-8, with their line.
  static func checkText(_ bytes: [UInt8], fileName: String) throws(DatasetError) {
    if bytes.isEmpty {
      throw DatasetError(
        .badData, "\(fileName): expected a line of column names, found an empty file")
    }
    if let flaw = firstFlaw(of: bytes) {
      throw DatasetError(.badData, "\(fileName):\(1 + flaw.line): \(flaw.problem)")
    }
  }

  /// What shows first that bytes are no text, and on which line, counted from 0.
  static func firstFlaw(of bytes: [UInt8]) -> (line: Int, problem: String)? {
    if bytes.withUnsafeBufferPointer(\.isPlainText) { return nil }
    if let position = bytes.firstIndex(of: 0) {
      return (
        lineEnds(before: position, in: bytes),
        "expected text, found a zero byte; save the file as UTF-8"
      )
    }
    guard let position = firstInvalid(in: bytes) else { return nil }
    return (
      lineEnds(before: position, in: bytes),
      "expected UTF-8, found the byte 0x\(String(bytes[position], radix: 16)); save the file as UTF-8"
    )
  }

  /// Where the first byte stands that belongs to no UTF-8 character.
  private static func firstInvalid(in bytes: [UInt8]) -> Int? {
    if String(validating: bytes, as: UTF8.self) != nil { return nil }
    var decoder = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var position = 0
    while true {
      switch decoder.parseScalar(from: &iterator) {
      case .valid(let scalar): position += scalar.count
      case .error: return position
      case .emptyInput: return nil
      }
    }
  }

  /// How many lines end before a byte, with LF, CR or both.
  private static func lineEnds(before position: Int, in bytes: [UInt8]) -> Int {
    bytes[..<position].indices.count { index in
      switch bytes[index] {
      case UInt8(ascii: "\n"): true
      case UInt8(ascii: "\r"): bytes[index + 1] != UInt8(ascii: "\n")
      default: false
      }
    }
  }
}
