import JSON
import ModelFiles
import NIOCore
import PredictionService
import SavedModels
import TestSupport
import Testing

@testable import PredictionService

/// The routes of the Open Inference Protocol; `Tests/ServiceChecks` asks them with a client of others.
@Suite struct `The Open Inference Protocol` {
  private static let model = "/v2/models/diamonds"

  @Test func `the Open Inference Protocol says that the model is ready`() async throws {
    let service = try ServiceFixture.diamonds()
    for (path, name) in [
      ("/v2/health/live", "live"), ("/v2/health/ready", "ready"), (Self.model + "/ready", "ready"),
      (Self.model + "/versions/1.2.3/ready", "ready"),
    ] {
      let answer = try await service.ask("GET", path)
      #expect(answer.status == 200 && answer.member(name)?.truth == true)
    }
    service.state.stop()
    #expect(try await service.ask("GET", "/v2/health/live").status == 200)
    for path in ["/v2/health/ready", Self.model + "/ready"] {
      let answer = try await service.ask("GET", path)
      #expect(answer.status == 503 && answer.member("ready")?.truth == false)
    }
    let empty = ServiceFixture(nil)
    #expect(try await empty.ask("GET", "/v2/health/live").status == 200)
    #expect(try await empty.ask("GET", "/v2/health/ready").status == 503)
    let answer = try await empty.ask("GET", Self.model)
    #expect(answer.status == 503 && answer.member("error")?.text != nil)
  }

  @Test func `the Open Inference Protocol describes the server and the model`() async throws {
    let service = try ServiceFixture.diamonds()
    let server = try await service.ask("GET", "/v2").json
    #expect(server["name"]?.text == "diamonds-prediction")
    #expect(server["version"]?.text?.isEmpty == false)
    #expect(server["extensions"] == ["binary_tensor_data"])
    for path in [Self.model, Self.model + "/versions/1.2.3"] {
      let model = try await service.ask("GET", path).json
      #expect(model["name"]?.text == "diamonds")
      #expect(model["versions"] == ["1.2.3"])
      let inputs = try #require(model["inputs"]?.elements)
      #expect(inputs.map { $0["name"]?.text } == ServiceFixture.stone.fields.map(\.name))
      #expect(inputs.allSatisfy { $0["shape"] == [-1] })
      #expect(
        inputs.filter { $0["datatype"]?.text == "BYTES" }.map { $0["name"]?.text }
          == ["color", "clarity"])
      #expect(inputs.count { $0["datatype"]?.text == "FP64" } == 7)
      #expect(
        model["outputs"] == [
          ["name": "label", "datatype": "BYTES", "shape": [-1]],
          ["name": "probabilities", "datatype": "FP64", "shape": [-1, 2]],
        ])
    }
  }

  @Test(arguments: [1, 3, 40])
  func `the Open Inference Protocol answers rows as the other routes do`(count: Int) async throws {
    let service = try ServiceFixture.diamonds()
    let stones = Stone.table(rows: Array(0..<count))
    let rows =
      try await service.predict("[" + stones.map(\.json).joined(separator: ",") + "]")
      .json.elements ?? []
    let answer = try await infer(service, SentTensor.all(stones), others: #","id":"seven""#)
    #expect(answer.status == 200)
    let json = try answer.json
    #expect(json["model_name"]?.text == "diamonds")
    #expect(json["model_version"]?.text == "1.2.3")
    #expect(json["id"]?.text == "seven")
    let outputs = try #require(json["outputs"]?.elements)
    #expect(outputs.map { $0["name"]?.text } == ["label", "probabilities"])
    #expect(outputs.map { $0["datatype"]?.text } == ["BYTES", "FP64"])
    #expect(outputs[0]["shape"] == [.integer(count)])
    #expect(outputs[1]["shape"] == [.integer(count), 2])
    #expect(rows.count == count)
    #expect(outputs[0]["data"]?.elements == rows.compactMap { $0["label"] })
    #expect(
      outputs[1]["data"]?.elements
        == rows.flatMap { $0["probabilities"]?.members?.map(\.value) ?? [] })
  }

  @Test func `all routes give the label by the model's threshold`() async throws {
    let plain = try DiamondModels.small.get()
    var description = plain.description
    description.threshold = DecisionThreshold(0.2, costs: ["Silver>Gold=5"])
    let pipeline = try SavedPipeline(
      SavedModel(plain.saved.model, description), plain.preprocessing)
    let service = ServiceFixture(pipeline)
    let stones = Stone.table(rows: Array(0..<60))
    let all = try await service.predict("[" + stones.map(\.json).joined(separator: ",") + "]")
    let batch = try #require(all.json.elements)
    let tensors = try await infer(service, SentTensor.all(stones)).json
    let labels = try #require(tensors["outputs"]?.elements?[0]["data"]?.elements)
    var changed = 0
    for (index, stone) in stones.enumerated() {
      let one = try await service.predict(stone.json).json
      let share = try #require(one["probabilities"]?["Silver"]?.number)
      let label = share >= 0.2 ? "Silver" : "Gold"
      #expect(one["label"]?.text == label)
      #expect(batch[index]["label"]?.text == label)
      #expect(labels[index].text == label)
      if share >= 0.2, share < 0.5 {
        changed += 1
        let page = try await service.ask(
          "POST", "/predict", type: "application/x-www-form-urlencoded", body: stone.form)
        #expect(page.body.contains("<h1>Silver</h1>"))
        #expect(page.body.contains("is predicted from 20.0 % on"))
      }
    }
    #expect(changed > 0)
    let model = try await service.ask("GET", "/api/model").json
    #expect(model["decision_threshold"]?["value"]?.number == 0.2)
    let other = try await ServiceFixture.diamonds().ask("GET", "/api/model").json
    #expect(other["decision_threshold"] == nil)
  }

  @Test func `the Open Inference Protocol takes tensors in any order`() async throws {
    let service = try ServiceFixture.diamonds()
    let stones = [ServiceFixture.stone, ServiceFixture.stone.with("color", "J")]
    let plain = try await infer(service, SentTensor.all(stones)).json["outputs"]
    #expect(plain?.elements?.count == 2)
    var tensors = Array(SentTensor.all(stones).reversed())
    for index in tensors.indices {
      tensors[index].shape = "[2,1]"
      tensors[index].data = tensors[index].data.map { "[\($0)]" }
      if tensors[index].name == "price" { tensors[index].type = "INT32" }
    }
    #expect(try await infer(service, tensors).json["outputs"] == plain)
    #expect(
      try await infer(service, tensors, path: "/versions/1.2.3/infer").json["outputs"] == plain)
  }

  @Test func `the Open Inference Protocol gives the outputs that are asked for`() async throws {
    let service = try ServiceFixture.diamonds()
    let one = try await infer(
      service, SentTensor.all([ServiceFixture.stone]), others: #","outputs":[{"name":"label"}]"#)
    #expect(try one.json["outputs"]?.elements?.map { $0["name"]?.text } == ["label"])
    let none = try await infer(service, SentTensor.all([]))
    #expect(none.status == 200)
    #expect(try none.json["outputs"]?.elements?.map { $0["data"]?.elements?.count } == [0, 0])
  }

  @Test(arguments: [
    ("carat", SentTensor.Change.name("weight"), "no such feature"),
    ("carat", .type("BYTES"), "expected the datatype FP64, found BYTES"),
    ("color", .type("FP64"), "expected the datatype BYTES, found FP64"),
    ("carat", .type("FP128"), "FP64"), ("carat", .type(nil), "expected datatype, shape and data"),
    ("carat", .shape("[3]"), "expected 3 elements as the shape says, found 2"),
    ("carat", .shape("[2,2]"), "expected the shape"), ("carat", .shape("[-1]"), "the shape"),
    ("carat", .shape("[]"), "expected the shape"), ("carat", .shape("[10001]"), "at most 10000"),
    ("carat", .data(["1"], shape: "[1]"), "expected 1 elements as in the first, found 2"),
    (
      "carat", .data(["1", "\"2\""], shape: "[2]"), "row 1: carat: expected a number, found a text"
    ),
    ("carat", .data(["1", "-2"], shape: "[2]"), "row 1: carat: expected 0 or more"),
    ("color", .data(["\"D\"", "\"?\""], shape: "[2]"), "row 1: color: expected one of D, E"),
    ("color", .data(["4", "\"D\""], shape: "[2]"), "row 0: color: expected a text"),
    ("price", .type("INT8"), "element 0: INT8 has no number 326"),
    ("depth", .type("INT64"), "element 0: INT64 has no number 61.5"),
    ("carat", .type("BOOL"), "expected the datatype FP64, found BOOL"),
    ("depth", .missing, "row 0: depth: expected a value, found nothing"),
    ("depth", .twice, "row 0: depth: was given twice"),
  ])
  func `the Open Inference Protocol refuses what does not fit`(
    name: String, change: SentTensor.Change, words: String
  ) async throws {
    let service = try ServiceFixture.diamonds()
    let stones = [ServiceFixture.stone, ServiceFixture.stone]
    let answer = try await infer(service, change.applied(to: name, of: SentTensor.all(stones)))
    #expect(answer.status == 400)
    let members = try #require(try answer.json.members)
    #expect(members.map(\.name) == ["error"])
    #expect(members[0].value.text?.contains(words) == true, "\(answer.body)")
  }

  @Test(arguments: [1, 40])
  func `the Open Inference Protocol takes and gives binary data`(count: Int) async throws {
    let service = try ServiceFixture.diamonds()
    let stones = Stone.table(rows: Array(0..<count))
    let plain = try await infer(service, SentTensor.all(stones)).json["outputs"]?.elements
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
        "POST", Self.model + "/infer",
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
      "POST", Self.model + "/infer", headers: headers, body: isEmpty ? "" : header + data)
    #expect(answer.status == 400)
    #expect(answer.member("error")?.text?.contains(words) == true, "\(answer.body)")
  }

  @Test func `the Open Inference Protocol takes one tensor for all features that are numbers`()
    async throws
  {
    let names = ["x", "y", "z"]
    let service = try ServiceFixture.table(
      "x,y,z,t\n"
        + (0..<40).map { "\($0),\($0 % 7),\($0 % 3),\($0 % 2 == 0 ? "a" : "b")" }
        .joined(separator: "\n") + "\n", target: "t", name: "diamonds-sizes")
    let stones = Stone.table(rows: [0, 1, 2])
    let tensors = SentTensor.all(stones).filter { names.contains($0.name) }
    let path = "/v2/models/diamonds-sizes/infer"
    let apart = try await service.ask(
      "POST", path, body: "{\"inputs\":[\(tensors.map(\.json).joined(separator: ","))]}")
    #expect(apart.status == 200, "\(apart.body)")
    let rows = (0..<3).map { row in tensors.map { $0.data[row] }.joined(separator: ",") }
    for data in [rows.joined(separator: ","), rows.map { "[\($0)]" }.joined(separator: ",")] {
      let together = try await service.ask(
        "POST", path,
        body: #"{"inputs":[{"name":"input-0","datatype":"FP32","shape":[3,3],"data":[\#(data)]}]}"#)
      #expect(together.status == 200)
      #expect(try together.json["outputs"] == apart.json["outputs"])
    }
    for (shape, data) in [("[1,4]", "1,2,3,4"), ("[2,3]", "1,2,3,4,5"), ("[3]", "1,2,3")] {
      let wrong = try await service.ask(
        "POST", path,
        body: #"{"inputs":[{"name":"a","datatype":"FP64","shape":\#(shape),"data":[\#(data)]}]}"#)
      #expect(wrong.status == 400)
    }
    // A model of one feature was once asked for by the feature's name only.
    let single = try ServiceFixture.table(
      "x,t\n" + (0..<40).map { "\($0),\($0 % 2 == 0 ? "a" : "b")\n" }.joined(), target: "t")
    let body = #"{"inputs":[{"name":"input-0","datatype":"FP64","shape":[2,1],"data":[3,4]}]}"#
    #expect(try await single.ask("POST", "/v2/models/t/infer", body: body).status == 200)
  }

  @Test func `a request of a million elements takes little memory and is refused`() async throws {
    let service = try ServiceFixture.diamonds()
    let many = String(repeating: "1,", count: 850_000) + "1"
    let answer = try await service.ask(
      "POST", Self.model + "/infer",
      body: #"{"inputs":[{"name":"carat","datatype":"FP64","shape":[1],"data":[\#(many)]}]}"#)
    #expect(answer.status == 400)
    #expect(answer.member("error")?.text?.contains("more elements") == true)
  }

  @Test func `the Open Inference Protocol refuses invalid requests`() async throws {
    let service = try ServiceFixture.diamonds()
    let outputs = try await infer(
      service, SentTensor.all([ServiceFixture.stone]), others: #","outputs":[{"name":"price"}]"#)
    #expect(outputs.status == 400)
    #expect(outputs.member("error")?.text?.contains("outputs") == true)
    for body in ["", "{", "[]", "{}", #"{"inputs":{}}"#, #"{"inputs":[]}"#, #"{"inputs":[{}]}"#] {
      let answer = try await service.ask("POST", Self.model + "/infer", body: body)
      #expect(answer.status == 400 && answer.member("error")?.text != nil, "\(body)")
    }
    for (method, path, status) in [
      ("GET", "/infer", 405), ("POST", "/versions/9/infer", 404), ("GET", "/versions/9", 404),
    ] {
      let answer = try await service.ask(method, Self.model + path)
      #expect(answer.status == status && answer.member("error")?.text != nil, "\(path)")
    }
    let other = try await service.ask("GET", "/v2/models/rubies")
    #expect(other.status == 404 && other.member("error")?.text != nil)
  }

  private func infer(
    _ service: ServiceFixture, _ tensors: [SentTensor], others: String = "", path: String = "/infer"
  ) async throws -> RawClient.Answer {
    let inputs = tensors.map(\.json).joined(separator: ",")
    return try await service.ask(
      "POST", Self.model + path, type: "application/json", body: "{\"inputs\":[\(inputs)]\(others)}"
    )
  }
}

extension RawClient.Answer {
  fileprivate func member(_ name: String) -> JSONValue? { (try? json)?[name] }
}

/// An input of a request, in which a test may change what it wants to.
struct SentTensor {
  var name: String
  var type: String?
  var shape: String
  /// As JSON.
  var data: [String]

  var json: String {
    "{\"name\":\"\(name)\"," + (type.map { "\"datatype\":\"\($0)\"," } ?? "")
      + "\"shape\":\(shape),\"data\":[\(data.joined(separator: ","))]}"
  }

  /// A tensor for each feature.
  static func all(_ stones: [Stone]) -> [SentTensor] {
    ServiceFixture.stone.fields.map(\.name).map { name in
      let isText = name == "color" || name == "clarity"
      let texts = stones.flatMap(\.fields).filter { $0.name == name }.map(\.text)
      return SentTensor(
        name: name, type: isText ? "BYTES" : "FP64", shape: "[\(stones.count)]",
        data: texts.map { isText ? "\"\($0)\"" : $0 })
    }
  }

  enum Change {
    case name(String)
    case type(String?)
    case shape(String)
    case data([String], shape: String)
    case missing
    case twice

    func applied(to name: String, of tensors: [SentTensor]) -> [SentTensor] {
      tensors.flatMap { tensor in
        guard tensor.name == name else { return [tensor] }
        var changed = tensor
        switch self {
        case .name(let other): changed.name = other
        case .type(let type): changed.type = type
        case .shape(let shape): changed.shape = shape
        case .data(let data, let shape):
          changed.data = data
          changed.shape = shape
        case .missing: return []
        case .twice: return [tensor, tensor]
        }
        return [changed]
      }
    }
  }
}
