import CZlib

/// Why compressed bytes could not be expanded.
struct GzipError: Error, CustomStringConvertible {
  let description: String
}

/// Expands gzip (RFC 1952): the official SDK compresses the batches that `comet upload` sends.
enum Gzip {
  static func expanded(_ bytes: [UInt8]) throws(GzipError) -> [UInt8] {
    var stream = z_stream()
    var status = inflateInitGzip(&stream)
    defer { inflateEnd(&stream) }
    var output: [UInt8] = []
    var input = bytes
    input.withUnsafeMutableBufferPointer { input in
      stream.next_in = input.baseAddress
      stream.avail_in = uInt(input.count)
      while status == Z_OK {
        output += [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
          stream.next_out = buffer.baseAddress
          stream.avail_out = uInt(buffer.count)
          status = inflate(&stream, Z_NO_FLUSH)
          count = buffer.count - Int(stream.avail_out)
        }
      }
    }
    guard status == Z_STREAM_END, stream.avail_in == 0 else {
      throw GzipError(description: "gzip: \(stream.msg.map { String(cString: $0) } ?? "cut short")")
    }
    return output
  }
}

/// CRC-32 as ZIP and gzip use it.
func crc32(of bytes: [UInt8]) -> Int { Int(crc32(0, bytes, uInt(bytes.count))) }
