import JSON
import PredictionService
import TestSupport
import Testing

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
    #expect(server["extensions"]?.elements == [])
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
    let answer = try await infer(service, Tensor.all(stones), others: #","id":"seven""#)
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

  @Test func `the Open Inference Protocol takes tensors in any order`() async throws {
    let service = try ServiceFixture.diamonds()
    let stones = [ServiceFixture.stone, ServiceFixture.stone.with("color", "J")]
    let plain = try await infer(service, Tensor.all(stones)).json["outputs"]
    #expect(plain?.elements?.count == 2)
    var tensors = Array(Tensor.all(stones).reversed())
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
      service, Tensor.all([ServiceFixture.stone]), others: #","outputs":[{"name":"label"}]"#)
    #expect(try one.json["outputs"]?.elements?.map { $0["name"]?.text } == ["label"])
    let none = try await infer(service, Tensor.all([]))
    #expect(none.status == 200)
    #expect(try none.json["outputs"]?.elements?.map { $0["data"]?.elements?.count } == [0, 0])
  }

  @Test(arguments: [
    ("carat", Tensor.Change.name("weight"), "no such feature"),
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
    ("depth", .missing, "row 0: depth: expected a value, found nothing"),
    ("depth", .twice, "row 0: depth: was given twice"),
  ])
  func `the Open Inference Protocol refuses what does not fit`(
    name: String, change: Tensor.Change, words: String
  ) async throws {
    let service = try ServiceFixture.diamonds()
    let stones = [ServiceFixture.stone, ServiceFixture.stone]
    let answer = try await infer(service, change.applied(to: name, of: Tensor.all(stones)))
    #expect(answer.status == 400)
    let members = try #require(try answer.json.members)
    #expect(members.map(\.name) == ["error"])
    #expect(members[0].value.text?.contains(words) == true, "\(answer.body)")
  }

  @Test func `the Open Inference Protocol refuses invalid requests`() async throws {
    let service = try ServiceFixture.diamonds()
    let outputs = try await infer(
      service, Tensor.all([ServiceFixture.stone]), others: #","outputs":[{"name":"price"}]"#)
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
    _ service: ServiceFixture, _ tensors: [Tensor], others: String = "", path: String = "/infer"
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
struct Tensor {
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
  static func all(_ stones: [Stone]) -> [Tensor] {
    ServiceFixture.stone.fields.map(\.name).map { name in
      let isText = name == "color" || name == "clarity"
      let texts = stones.flatMap(\.fields).filter { $0.name == name }.map(\.text)
      return Tensor(
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

    func applied(to name: String, of tensors: [Tensor]) -> [Tensor] {
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
