import CZlib
import TestSupport
import Testing

@testable import PredictionService

/// Bodies that are packed by gzip or deflate.
@Suite(.timeLimit(.minutes(5))) struct `A packed body of a request` {
  @Test(arguments: ["gzip", "deflate", "GZIP"])
  func `a packed body is unpacked, up to the limit of any other`(encoding: String) async throws {
    try await LiveService.use { service in
      func head(_ length: Int, _ type: String = "application/x-www-form-urlencoded") -> [UInt8] {
        Array(
          RawRequest.head(
            "Content-Encoding: \(encoding)\r\n", path: "/predict", type: type, length: length
          )
          .utf8)
      }
      let packed = Packed(RawRequest.form, encoding.lowercased())
      let client = service.client()
      for _ in 0..<3 {
        client.send(head(packed.bytes.count) + packed.bytes + Array(RawRequest.post().utf8))
        #expect(client.answer()?.status == 200)
        #expect(client.answer()?.status == 200)
      }
      // 50 MB that are 50 kB on the wire.
      let bomb = Packed(String(repeating: "a", count: 50_000_000), encoding.lowercased())
      client.send(head(bomb.bytes.count) + bomb.bytes)
      let answer = client.answer()
      #expect(answer?.status == 413 && answer?.header("connection") == "close")
      for damaged in [
        Array(packed.bytes.dropLast(9)), Array("carat=1".utf8), packed.bytes + [1, 2],
      ] {
        let client = service.client()
        client.send(head(damaged.count) + damaged)
        #expect(client.answer()?.status == 400)
        #expect(client.isClosed())
      }
    }
  }

  @Test func `a body that is packed in another way is refused`() async throws {
    try await LiveService.use { service in
      for encoding in ["br", "gzip, gzip", "x"] {
        let client = service.client()
        client.send(RawRequest.post("Content-Encoding: \(encoding)\r\n"))
        let answer = client.answer()
        #expect(answer?.status == 415)
        #expect(answer?.header("accept-encoding") == "gzip, deflate")
      }
      let client = service.client()
      client.send(RawRequest.post("Content-Encoding: identity\r\n"))
      #expect(client.answer()?.status == 200)
    }
  }
}

/// A text as gzip or zlib pack it.
private struct Packed {
  let bytes: [UInt8]

  init(_ text: String, _ encoding: String) {
    var stream = z_stream()
    // 16 more bits of the window mean gzip's format.
    let status = deflateInit2_(
      &stream, 9, Z_DEFLATED, encoding == "gzip" ? 31 : 15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK)
    var input = Array(text.utf8)
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(input.count))))
    let count = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
        return output.count - Int(stream.avail_out)
      }
    }
    deflateEnd(&stream)
    bytes = Array(output.prefix(count))
  }
}
