import JSON
import NIOCore
import TestSupport
import Testing

@testable import PredictionService

/// Tensors as bytes behind the JSON of a request, and of an answer.
@Suite struct `Binary data in the Open Inference Protocol` {
  @Test(arguments: [1, 40])
  func `the Open Inference Protocol takes and gives binary data`(count: Int) async throws {
    let service = try ServiceFixture.diamonds()
    let stones = Stone.table(rows: Array(0..<count))
    let plain = try await service.infer(SentTensor.all(stones)).json["outputs"]?.elements
    var data = ByteBuffer()
    var inputs: [String] = []
    for tensor in SentTensor.all(stones) {
      let start = data.writerIndex
      for text in tensor.data {
        if tensor.type == "BYTES" {
          let bytes = Array(text.utf8.dropFirst().dropLast())
          data.writeInteger(UInt32(bytes.count), endianness: .little)
          data.writeBytes(bytes)
        } else {
          let number = try #require(Double(text))
          data.writeInteger(number.bitPattern, endianness: .little)
        }
      }
      inputs.append(
        "{\"name\":\"\(tensor.name)\",\"datatype\":\"\(tensor.type ?? "")\",\"shape\":[\(count)],"
          + "\"parameters\":{\"binary_data_size\":\(data.writerIndex - start)}}")
    }
    let json = "{\"inputs\":[\(inputs.joined(separator: ","))],\"id\":\"a\\u0000b\","
    for (rest, isBinary) in [
      (#""outputs":[{"name":"label"},{"name":"probabilities"}]}"#, false),
      (#""parameters":{"binary_data_output":true}}"#, true),
    ] {
      let header = json + rest
      var body = ByteBuffer(string: header)
      body.writeImmutableBuffer(data)
      var (response, answer) = try await service.respond(
        "POST", ServiceFixture.inferencePath + "/infer",
        headers: ["inference-header-content-length": "\(header.utf8.count)"], body: body)
      #expect(response.status == .ok)
      guard isBinary else {
        #expect(try JSONValue(parsing: answer.readableBytesView)["outputs"]?.elements == plain)
        continue
      }
      let length = try #require(
        response.headers[.init("inference-header-content-length")!].flatMap { Int($0) })
      let answered = try JSONValue(parsing: answer.readBytes(length: length) ?? [])
      #expect(answered["id"]?.text == "a\u{0}b")
      let outputs = try #require(answered["outputs"]?.elements)
      #expect(outputs.allSatisfy { $0["data"] == nil })
      var labels: [JSONValue] = []
      for _ in 0..<count {
        let length = answer.readInteger(endianness: .little, as: UInt32.self)
        labels.append(.string(answer.readString(length: Int(length ?? 0)) ?? ""))
      }
      #expect(labels == plain?[0]["data"]?.elements)
      var shares: [JSONValue] = []
      while let bits = answer.readInteger(endianness: .little, as: UInt64.self) {
        shares.append(.real(Double(bitPattern: bits)))
      }
      #expect(shares.map(\.number) == plain?[1]["data"]?.elements?.map(\.number))
    }
  }

  @Test(arguments: [
    ("FP16", 2, "00c0", -2.0), ("FP16", 2, "0100", 5.960464477539063e-08),
    ("FP16", 2, "ff7b", 65504),
    ("BF16", 2, "c03f", 1.5), ("FP32", 4, "0000c03f", 1.5), ("FP64", 8, "000000000000f83f", 1.5),
    ("INT8", 1, "fe", -2), ("INT16", 2, "feff", -2), ("INT32", 4, "feffffff", -2),
    ("INT64", 8, "feffffffffffffff", -2), ("UINT8", 1, "fe", 254), ("UINT16", 2, "feff", 65534),
    ("UINT32", 4, "feffffff", 4_294_967_294), ("UINT64", 8, "0100000000000000", 1),
  ])
  func `binary data has numbers of all types`(type: String, size: Int, hex: String, number: Double)
    throws
  {
    var data = ByteBuffer(
      bytes: stride(from: 0, to: hex.utf8.count, by: 2).map { offset in
        UInt8(hex.dropFirst(offset).prefix(2), radix: 16) ?? 0
      })
    let type = try #require(TensorType(rawValue: type))
    #expect(type.size == size)
    guard case .number(let read) = type.read(&data) else { throw CancellationError() }
    #expect(read == number)
    #expect(type.read(&data) == nil)
  }

  @Test(arguments: [
    ("8", 8, "a body of binary data", "expected 8 bytes of JSON, found 0", true),
    ("-1", 0, "", "expected a number of bytes", false), ("x", 0, "", "expected a number", false),
    (nil, 8, "", "the body ends before its binary data", false),
    ("*", 7, "1234567", "have not 7 bytes", false),
    ("*", 8, "1234", "the body ends before its binary data", false),
    ("*", 8, "123456789", "1 bytes follow", false),
  ])
  func `binary data that does not fit is refused`(
    length: String?, size: Int, data: String, words: String, isEmpty: Bool
  ) async throws {
    let service = try ServiceFixture.diamonds()
    let header =
      #"{"inputs":[{"name":"carat","datatype":"FP64","shape":[1],"parameters":{"binary_data_size":"#
      + "\(size)}}]}"
    let headers =
      length.map {
        ["inference-header-content-length": $0 == "*" ? "\(header.utf8.count)" : $0]
      } ?? [:]
    let answer = try await service.ask(
      "POST", ServiceFixture.inferencePath + "/infer", headers: headers,
      body: isEmpty ? "" : header + data)
    #expect(answer.status == 400)
    #expect(answer.member("error")?.text?.contains(words) == true, "\(answer.body)")
  }
}
