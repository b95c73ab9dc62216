import CZlib
import Support

/// Expands a gzip file (RFC 1952) of one or more members while it is read.
final class GzipExpansion {
  /// zlib remembers where this is.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)
  private var isBetweenMembers = false

  /// - Parameter start: the file's first bytes, which were read already; fewer than 65,536.
  init(_ start: [UInt8]) {
    stream.initialize(to: z_stream())
    precondition(inflateInitGzip(stream) == Z_OK, "zlib is there, and so is its memory")
    _ = input.update(fromContentsOf: start)
    offer(start.count)
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  private func offer(_ count: Int) {
    stream.pointee.next_in = input.baseAddress
    stream.pointee.avail_in = uInt(count)
  }

  /// Fills a buffer as far as there is something to fill it with.
  ///
  /// - Parameter read: reads more of the file; 0 at its end.
  /// - Returns: the number of bytes; 0 at the end; `nil` where the file is damaged or cut short.
  func expand(
    into buffer: UnsafeMutableRawBufferPointer,
    _ read: (UnsafeMutableRawBufferPointer) throws(FileError) -> Int
  ) throws(FileError) -> Int? {
    stream.pointee.next_out = buffer.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = uInt(buffer.count)
    while stream.pointee.avail_out == uInt(buffer.count) {
      if stream.pointee.avail_in == 0 {
        offer(try read(UnsafeMutableRawBufferPointer(input)))
        if stream.pointee.avail_in == 0 { return isBetweenMembers ? 0 : nil }
      }
      if isBetweenMembers {
        // Zeros may follow the last member, as gzip itself has it.
        guard stream.pointee.next_in.pointee != 0 else {
          stream.pointee.next_in += 1
          stream.pointee.avail_in -= 1
          continue
        }
        inflateReset(stream)
        isBetweenMembers = false
      }
      switch inflate(stream, Z_NO_FLUSH) {
      case Z_OK, Z_BUF_ERROR: break
      case Z_STREAM_END: isBetweenMembers = true
      default: return nil
      }
    }
    return buffer.count - Int(stream.pointee.avail_out)
  }
}
