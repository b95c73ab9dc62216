#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A file that is written piece by piece, through a buffer.
package final class FileText {
  private let path: String
  private let stream: UnsafeMutablePointer<FILE>
  private var buffer: [UInt8] = []
  private var isWhole = true

  package init(path: String) throws(FileError) {
    guard let stream = fopen(path, "wb") else { throw .last(.cannotCreate, path) }
    self.path = path
    self.stream = stream
    buffer.reserveCapacity(1 << 17)
  }

  package func append(_ text: String) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count > 1 << 16 { flush() }
  }

  private func flush() {
    let written = fwrite(buffer, 1, buffer.count, stream)
    if written < buffer.count { isWhole = false }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes what is left, and closes the file.
  package func finish() throws(FileError) {
    flush()
    let isFlushed = fflush(stream) == 0
    let error = FileError.last(.cannotWrite, path)
    let isClosed = fclose(stream) == 0
    guard isWhole, isFlushed, isClosed else { throw error }
  }
}
