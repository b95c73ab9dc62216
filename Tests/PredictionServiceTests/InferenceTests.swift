import JSON
import ModelFiles
import SavedModels
import TestSupport
import Testing

@testable import PredictionService

/// The routes of the Open Inference Protocol; `Tests/ServiceChecks` asks them with a client of others.
@Suite struct `The Open Inference Protocol` {
  @Test func `the Open Inference Protocol says that the model is ready`() async throws {
    let service = try ServiceFixture.diamonds()
    for (path, name) in [
      ("/v2/health/live", "live"), ("/v2/health/ready", "ready"),
      (ServiceFixture.inferencePath + "/ready", "ready"),
      (ServiceFixture.inferencePath + "/versions/1.2.3/ready", "ready"),
    ] {
      let answer = try await service.ask("GET", path)
      #expect(answer.status == 200 && answer.member(name)?.truth == true)
    }
    service.state.stop()
    #expect(try await service.ask("GET", "/v2/health/live").status == 200)
    for path in ["/v2/health/ready", ServiceFixture.inferencePath + "/ready"] {
      let answer = try await service.ask("GET", path)
      #expect(answer.status == 503 && answer.member("ready")?.truth == false)
    }
    let empty = ServiceFixture(nil)
    #expect(try await empty.ask("GET", "/v2/health/live").status == 200)
    #expect(try await empty.ask("GET", "/v2/health/ready").status == 503)
    let answer = try await empty.ask("GET", ServiceFixture.inferencePath)
    #expect(answer.status == 503 && answer.member("error")?.text != nil)
  }

  @Test func `the Open Inference Protocol describes the server and the model`() async throws {
    let service = try ServiceFixture.diamonds()
    let server = try await service.ask("GET", "/v2").json
    #expect(server["name"]?.text == "diamonds-prediction")
    #expect(server["version"]?.text?.isEmpty == false)
    #expect(server["extensions"] == ["binary_tensor_data"])
    for path in [ServiceFixture.inferencePath, ServiceFixture.inferencePath + "/versions/1.2.3"] {
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
    let answer = try await service.infer(SentTensor.all(stones), others: #","id":"seven""#)
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
    let tensors = try await service.infer(SentTensor.all(stones)).json
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
    let plain = try await service.infer(SentTensor.all(stones)).json["outputs"]
    #expect(plain?.elements?.count == 2)
    var tensors = Array(SentTensor.all(stones).reversed())
    for index in tensors.indices {
      tensors[index].shape = "[2,1]"
      tensors[index].data = tensors[index].data.map { "[\($0)]" }
      if tensors[index].name == "price" { tensors[index].type = "INT32" }
    }
    #expect(try await service.infer(tensors).json["outputs"] == plain)
    #expect(
      try await service.infer(tensors, path: "/versions/1.2.3/infer").json["outputs"] == plain)
  }

  @Test func `the Open Inference Protocol gives the outputs that are asked for`() async throws {
    let service = try ServiceFixture.diamonds()
    let one = try await service.infer(
      SentTensor.all([ServiceFixture.stone]), others: #","outputs":[{"name":"label"}]"#)
    #expect(try one.json["outputs"]?.elements?.map { $0["name"]?.text } == ["label"])
    let none = try await service.infer(SentTensor.all([]))
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
    let answer = try await service.infer(change.applied(to: name, of: SentTensor.all(stones)))
    #expect(answer.status == 400)
    let members = try #require(try answer.json.members)
    #expect(members.map(\.name) == ["error"])
    #expect(members[0].value.text?.contains(words) == true, "\(answer.body)")
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
      "POST", ServiceFixture.inferencePath + "/infer",
      body: #"{"inputs":[{"name":"carat","datatype":"FP64","shape":[1],"data":[\#(many)]}]}"#)
    #expect(answer.status == 400)
    #expect(answer.member("error")?.text?.contains("more elements") == true)
  }

  @Test func `the Open Inference Protocol refuses invalid requests`() async throws {
    let service = try ServiceFixture.diamonds()
    let outputs = try await service.infer(
      SentTensor.all([ServiceFixture.stone]), others: #","outputs":[{"name":"price"}]"#)
    #expect(outputs.status == 400)
    #expect(outputs.member("error")?.text?.contains("outputs") == true)
    for body in ["", "{", "[]", "{}", #"{"inputs":{}}"#, #"{"inputs":[]}"#, #"{"inputs":[{}]}"#] {
      let answer = try await service.ask(
        "POST", ServiceFixture.inferencePath + "/infer", body: body)
      #expect(answer.status == 400 && answer.member("error")?.text != nil, "\(body)")
    }
    for (method, path, status) in [
      ("GET", "/infer", 405), ("POST", "/versions/9/infer", 404), ("GET", "/versions/9", 404),
    ] {
      let answer = try await service.ask(method, ServiceFixture.inferencePath + path)
      #expect(answer.status == status && answer.member("error")?.text != nil, "\(path)")
    }
    let other = try await service.ask("GET", "/v2/models/rubies")
    #expect(other.status == 404 && other.member("error")?.text != nil)
  }
}
