import JSON
import PredictionService
import TestSupport
import Testing

/// What is wrong is answered with a status below 500, and the field is named, on the page and in JSON.
@Suite struct `Requests that cannot be answered` {
  private static let form = "application/x-www-form-urlencoded"
  private let stone = ServiceFixture.stone

  @Test(arguments: [
    ("carat", "", "carat"), ("carat", "abc", "expected a number"),
    ("carat", "1,5", "expected a number with a point"), ("carat", "inf", "expected a number"),
    ("carat", "nan", "training had no missing value"), ("carat", "1e999", "expected a number"),
    ("x", "-1", "expected 0 or more"), ("color", "Z", "expected one of D, E"),
    ("clarity", "vs1", "expected one of"), ("color", "", "expected a value"),
    ("price", "0x10", "expected a number"), ("depth", "6 1", "expected a number"),
  ])
  func `a wrong field is named, in forms and in JSON`(field: String, text: String, words: String)
    async throws
  {
    let service = try ServiceFixture.diamonds()
    let page = try await service.ask(
      "POST", "/predict", type: Self.form,
      body: stone.with(field, text.replacing(" ", with: "+")).form)
    #expect(page.status == 422)
    #expect(page.body.contains("error-\(field)"))
    #expect(page.body.contains(words))
    let quoted = stone.fields.map { name, value in
      // What is no number can only be sent as a text.
      let isNumber = name != "color" && name != "clarity" && (name != field || text == "-1")
      return "\"\(name)\":"
        + (isNumber ? (name == field ? text : value) : "\"\(name == field ? text : value)\"")
    }
    let (status, json) = try await service.predict("{\(quoted.joined(separator: ","))}")
    #expect(status == 422)
    #expect(json["error"]?["fields"]?.elements?.first?["field"]?.text == field)
    #expect(json["error"]?["message"]?.text?.contains(words) == true)
  }

  @Test func `a missing, an unknown and a repeated field are refused`() async throws {
    let service = try ServiceFixture.diamonds()
    for (body, field) in [
      (stone.without("depth").form, "depth"), (stone.form + "&shade=3", "shade"),
      (stone.form + "&carat=0.4", "carat"), ("", "carat"),
    ] {
      let answer = try await service.ask(
        "POST", "/predict", type: Self.form, accept: "application/json", body: body)
      #expect(answer.status == 422)
      let fields = try answer.json["error"]?["fields"]?.elements ?? []
      #expect(fields.contains { $0["field"]?.text == field })
    }
    #expect(try await service.predict(stone.without("depth").json).status == 422)
    let unknown = "{\"shade\":3," + stone.json.dropFirst()
    #expect(try await service.predict(unknown).json.description.contains("shade"))
    // The grammar of objects forbids it, so the position is told.
    let twice = "{\"carat\":0.3," + stone.json.dropFirst()
    let (status, json) = try await service.predict(twice)
    #expect(status == 400)
    #expect(json["error"]?["message"]?.text?.contains("\"carat\" stands there twice") == true)
    #expect(json["error"]?["position"]?.wholeNumber == 13)
  }

  @Test(arguments: ["null", "5", "\"text\"", "[[]]", "[1]", "true"])
  func `JSON of another kind is refused`(json: String) async throws {
    #expect(try await ServiceFixture.diamonds().predict(json).status == 422)
  }

  @Test(arguments: [
    ("", 0), ("{", 1), ("{\"carat\":}", 9), ("[1,]", 3), ("{} x", 3), ("{\"carat\":NaN}", 9),
    ("{\"carat\":1e999}", 9), ("\u{7f}", 0), ("{'carat':1}", 1),
  ])
  func `broken JSON is refused, with the position`(json: String, position: Int) async throws {
    let (status, answer) = try await ServiceFixture.diamonds().predict(json)
    #expect(status == 400)
    #expect(answer["error"]?["position"]?.wholeNumber == position)
  }

  @Test(arguments: ["NaN", "nan", "-Infinity", "None"])
  func `a value that JSON does not have is named`(word: String) async throws {
    let (status, answer) = try await ServiceFixture.diamonds().predict(
      stone.with("carat", word).json)
    #expect(status == 400)
    #expect(
      answer["error"]?["message"]?.text?.contains("found \(word), which is no JSON") == true)
  }

  // `curl -d @FILE` leaves the line ends of the file out, and says that it is a form.
  @Test func `a file that curl sends with -d is told of --data-binary`() async throws {
    let service = try ServiceFixture.diamonds()
    let table = [stone.fields.map(\.name), stone.fields.map(\.text)]
    let lines = table.map { $0.joined(separator: ",") }
    for (type, status) in [("text/csv", 400), (Self.form, 415)] {
      for body in [lines.joined(), lines.map { $0 + ",1" }.joined(), lines[0]] {
        let answer = try await service.ask("POST", "/api/predict", type: type, body: body)
        #expect(answer.status == status)
        #expect(
          try answer.json["error"]?["message"]?.text?.contains("--data-binary @FILE") == true)
      }
    }
    let whole = try await service.ask(
      "POST", "/api/predict", type: "text/csv", body: lines.joined(separator: "\n"))
    #expect(whole.status == 200)
  }

  // Clients are used in terminals, where such characters are commands.
  @Test func `messages have no control characters`() async throws {
    let service = try ServiceFixture.diamonds()
    for (type, body) in [
      ("application/json", "{\"color\":\"\\u001b[2J\\u009b\\u202e\",\"a\\u009bb\":1}"),
      ("text/csv", "carat,color,a\u{1b}[2J\n1,\u{9b}31m,2\n"),
      (
        "text/csv",
        stone.fields.map(\.name).joined(separator: ",") + "\n\u{1b},\u{9b},\u{9b}2J,,,,,,\n"
      ),
      (Self.form, "color=%1b%5b2J&a%c2%9b=1"),
    ] {
      for accept in ["application/json", "text/html"] {
        let path = type == Self.form ? "/predict" : "/api/predict"
        let answer = try await service.ask("POST", path, type: type, accept: accept, body: body)
        #expect((400..<500).contains(answer.status))
        guard type != Self.form || accept == "application/json" else { continue }
        let error = try #require(try answer.json["error"])
        let messages =
          [error["message"]?.text]
          + (error["fields"]?.elements ?? []).map { $0["message"]?.text }
        for message in messages {
          let controls = try #require(message).unicodeScalars.filter {
            $0.value < 0x20 || 0x7f...0x9f ~= $0.value || $0.value == 0x202e
          }
          #expect(controls.isEmpty, "\(type): \(message ?? "")")
        }
      }
    }
  }

  @Test func `deeply nested JSON is refused`() async throws {
    let deep = String(repeating: "[", count: 100_000)
    #expect(try await ServiceFixture.diamonds().predict(deep).status < 500)
    #expect(try await ServiceFixture.diamonds().predict("{\"carat\":" + deep).status == 400)
  }

  @Test(arguments: ["a=%", "a=%4", "a=%zz", "a=%ff", "%80=1"])
  func `an invalid form is refused`(body: String) async throws {
    let service = try ServiceFixture.diamonds()
    #expect(
      try await service.ask("POST", "/predict", type: Self.form, body: body).status == 400)
    #expect(try await service.ask("GET", "/predict?" + body).status == 400)
    // The empty form needs nothing of it.
    #expect(try await service.ask("GET", "/?" + body).status == 200)
  }

  @Test(arguments: [
    ("POST", "/predict", "application/json"), ("POST", "/predict", nil),
    ("POST", "/api/predict", "text/plain"), ("POST", "/api/predict", nil),
    ("POST", "/api/predict", "application/x-www-form-urlencoded"),
  ])
  func `content of another type is refused`(method: String, path: String, type: String?)
    async throws
  {
    let answer = try await ServiceFixture.diamonds().ask(method, path, type: type, body: "x")
    #expect(answer.status == 415)
  }

  @Test func `a content type may have parameters and capitals`() async throws {
    let service = try ServiceFixture.diamonds()
    for type in ["application/json; charset=utf-8", "Application/JSON"] {
      let answer = try await service.ask("POST", "/api/predict", type: type, body: stone.json)
      #expect(answer.status == 200)
    }
  }

  @Test(arguments: [
    ("DELETE", "/predict", "GET, HEAD, POST"), ("GET", "/api/predict", "POST"),
    ("POST", "/", "GET, HEAD"), ("PUT", "/metrics", "GET, HEAD"),
    ("OPTIONS", "/health", "GET, HEAD"),
  ])
  func `another method is refused`(method: String, path: String, allowed: String) async throws {
    let answer = try await ServiceFixture.diamonds().ask(method, path)
    #expect(answer.status == 405)
    #expect(answer.header("allow") == allowed)
  }

  @Test func `an unknown address, or one that is too long, is refused`() async throws {
    let service = try ServiceFixture.diamonds()
    #expect(try await service.ask("GET", "/nothing").status == 404)
    #expect(try await service.ask("GET", "/api/predict/").status == 404)
    let long = "/predict?carat=" + String(repeating: "1", count: 9000)
    #expect(try await service.ask("GET", long).status == 414)
  }

  @Test func `predictions are refused before a model is loaded`() async throws {
    let service = ServiceFixture(nil)
    for path in ["/", "/predict?carat=1", "/api/model", "/ready", "/monitor"] {
      #expect(try await service.ask("GET", path).status == 503)
    }
    #expect(try await service.predict("{}").status == 503)
    for path in ["/health", "/metrics", "/docs", "/openapi.json", "/style.css"] {
      #expect(try await service.ask("GET", path).status == 200)
    }
  }
}
