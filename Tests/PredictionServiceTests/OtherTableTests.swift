import JSON
import Testing

@testable import PredictionService

/// Models of other tables than the diamonds'.
@Suite struct `A service with another table` {
  private static let coded =
    "flag,code,zip,v,t\n"
    + (0..<60).map { row in
      "\(row % 3 == 0 ? "True" : "False"),\([1, 2, 10, 20][row % 4]),\(["00000", "00013"][row % 2]),"
        + "\(row % 11),\(row % 2 == 0 ? "a" : "b")"
    }.joined(separator: "\n") + "\n"

  @Test func `rows as pandas writes them are taken: truths and codes for categories`() async throws
  {
    let service = try ServiceFixture.table(
      Self.coded, target: "t", categorical: ["code", "zip"])
    let (status, row) = try await service.predict(#"{"flag":true,"code":10,"zip":13,"v":3}"#)
    #expect(status == 200, "\(row)")
    let (_, plain) = try await service.predict(
      #"{"flag":"True","code":"10","zip":"00013","v":3}"#)
    #expect(row["label"] != nil && row["probabilities"] == plain["probabilities"])
    for (row, words) in [
      (#"{"flag":true,"code":11,"zip":13,"v":3}"#, "found 11"),
      (#"{"flag":1,"code":10,"zip":13,"v":3}"#, "found 1"),
      (#"{"flag":true,"code":10,"zip":true,"v":3}"#, "found true"),
      (#"{"flag":true,"code":10,"zip":13,"v":true}"#, "expected a number, found true"),
    ] {
      let (status, answer) = try await service.predict(row)
      #expect(status == 422 && answer["error"]?["message"]?.text?.contains(words) == true)
    }
  }

  @Test func `a negative number is outside the training range, and no error`() async throws {
    let csv =
      "temperature,t\n"
      + (0..<60).map { "\(Double($0) / 2),\($0 < 30 ? "cold" : "warm")" }
      .joined(separator: "\n") + "\n"
    let service = try ServiceFixture.table(csv, target: "t")
    let (status, row) = try await service.predict(#"{"temperature":-4}"#)
    #expect(status == 200 && row["label"]?.text == "cold")
    let notice = row["notices"]?.elements?.first?["message"]?.text
    #expect(notice?.contains("-4 is outside the training range") == true)
    let page = try await service.ask("GET", "/")
    #expect(!page.body.contains("min=\"0\""))
  }

  @Test func `the diamonds' words are for the diamonds only`() async throws {
    let csv =
      "color,depth,table,price,x,t\n"
      + (0..<60).map { row in
        "\(["red", "blue"][row % 2]),\(row),\(row % 5),\(row % 9),\(row % 7),\(row % 3 == 0 ? "a" : "b")"
      }.joined(separator: "\n") + "\n"
    let service = try ServiceFixture.table(csv, target: "t")
    let page = try await service.ask("GET", "/").body
    for word in ["Length", " mm", "Colour", "US dollars", "colourless", "iamond"] {
      #expect(!page.contains(word), "\(word)")
    }
    #expect(page.contains("<span>T</span>"))
    #expect(page.contains("<label for=\"field-x\">x</label>"))
    #expect(try await service.ask("GET", "/v2/models/t").status == 200)
    #expect(try await service.ask("GET", "/v2/models/diamonds").status == 404)
    let missing = try await service.ask("GET", "/nothing", accept: "text/html")
    #expect(missing.body.contains("<span>T</span>"))
    let named = try ServiceFixture.table(csv, target: "t", name: "gems-2")
    #expect(try await named.ask("GET", "/").body.contains("<span>Gems-2</span>"))
    #expect(try await named.ask("GET", "/v2/models/gems-2").json["name"]?.text == "gems-2")
    #expect(try await named.ask("GET", "/openapi.json").body.contains("/v2/models/gems-2/infer"))
    let diamonds = try await ServiceFixture.diamonds().ask("GET", "/").body
    #expect(diamonds.contains("<span>Diamonds</span>") && diamonds.contains("Length"))
  }
}

/// Pages and descriptions of a service that a proxy has below a path.
@Suite struct `A service behind a proxy` {
  @Test func `all addresses of pages are relative`() async throws {
    let service = try ServiceFixture.diamonds()
    for path in [
      "/", "/predict?" + ServiceFixture.stone.form, "/predict", "/monitor", "/docs", "/a/b",
    ] {
      let page = try await service.ask("GET", path, accept: "text/html").body
      for attribute in ["href=\"/", "src=\"/", "action=\"/"] {
        #expect(!page.contains(attribute), "\(path)")
      }
    }
    let deep = try await service.ask("GET", "/a/b", accept: "text/html").body
    #expect(deep.contains("href=\"../style.css\""))
  }

  @Test(arguments: [
    (nil, "", "/"), (nil, "/models/a", "/models/a"), ("/x", "/models/a", "/x"), ("/x/", "", "/"),
    ("javascript:alert(1)", "", "/"), ("//evil.example", "", "/"), ("/a\"b", "/c", "/c"),
  ])
  func `the description names the path that the proxy says`(
    header: String?, basePath: String, url: String
  ) async throws {
    let service = ServiceFixture(try DiamondModels.small.get(), basePath: basePath)
    let answer = try await service.ask(
      "GET", "/openapi.json", headers: header.map { ["x-forwarded-prefix": $0] } ?? [:])
    #expect(try answer.json["servers"]?.elements?.first?["url"]?.text == url)
  }
}
