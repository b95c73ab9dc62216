import Classifiers
import Datasets
import JSON
import LinearAlgebra
import ModelFiles
import PredictionService
import SavedModels
import TestSupport
import Testing

@Suite struct `The API of the service` {
  private let stone = ServiceFixture.stone

  @Test func `the API answers an object with label, probabilities and model`() async throws {
    let (status, json) = try await ServiceFixture.diamonds().predict(stone.json)
    #expect(status == 200)
    let label = try #require(json["label"]?.text)
    let probabilities = try #require(json["probabilities"]?.members)
    #expect(probabilities.map(\.name) == ["Gold", "Silver"])
    let values = probabilities.compactMap(\.value.number)
    #expect(abs(values.reduce(0, +) - 1) < 1e-12)
    #expect(label == (values[1] > values[0] ? "Silver" : "Gold"))
    #expect(json["model"]?["name"]?.text == "RandomForest")
    #expect(json["model"]?["version"]?.text == "1.2.3")
  }

  @Test func `the API answers an array in order, with errors where they belong`() async throws {
    let service = try ServiceFixture.diamonds()
    let rows = [stone.json, stone.with("price", "\"much\"").json, stone.with("color", "J").json]
    let (status, json) = try await service.predict("[" + rows.joined(separator: ",") + "]")
    #expect(status == 422)
    let answers = try #require(json.elements)
    #expect(answers.count == 3)
    #expect(answers[0] == (try await service.predict(rows[0]).json))
    #expect(answers[1]["error"]?["fields"]?.elements?.first?["field"]?.text == "price")
    #expect(answers[2] == (try await service.predict(rows[2]).json))
    #expect(try await service.predict("[]").status == 200)
  }

  @Test func `the API answers an array with the bytes of each row's own answer`() async throws {
    let service = try ServiceFixture.diamonds()
    var rows = stones(count: 100).map(\.json)
    rows.insert(stone.with("carat", "9.5").json, at: 3)
    rows.insert(stone.without("x").json, at: 17)
    rows.insert("7", at: 50)
    rows.append(stone.with("color", "Z").json)
    var answers: [String] = []
    for row in rows {
      let answer = try await service.ask(
        "POST", "/api/predict", type: "application/json", body: row)
      answers.append(String(answer.body.dropLast()))
    }
    for count in [1, 2, 7, 8, 9, rows.count] {
      let some = rows.prefix(count).joined(separator: ",")
      let answer = try await service.ask(
        "POST", "/api/predict", type: "application/json", body: "[\(some)]")
      #expect(answer.body == "[" + answers.prefix(count).joined(separator: ",") + "]\n")
    }
    #expect(answers[3].contains("notices") && answers[17].contains("error"))
  }

  @Test func `the API answers a table of many rows as each row alone`() async throws {
    let service = try ServiceFixture.diamonds()
    let stones = stones(count: 50)
    var lines = ["label,probability_Gold,probability_Silver"]
    for stone in stones {
      let json = try await service.predict(stone.json).json
      let label = try #require(json["label"]?.text)
      let gold = try #require(json["probabilities"]?["Gold"]?.number)
      let silver = try #require(json["probabilities"]?["Silver"]?.number)
      lines.append("\(label),\(gold),\(silver)")
    }
    let table = [stone.fields.map(\.name)] + stones.map { $0.fields.map(\.text) }
    let csv = table.map { $0.joined(separator: ",") + "\n" }.joined()
    let answer = try await service.ask("POST", "/api/predict", type: "text/csv", body: csv)
    #expect(answer.body == lines.joined(separator: "\n") + "\n")
  }

  @Test func `features whose names differ only in their Unicode form are two`() async throws {
    let (one, two) = ("\u{e9}", "e\u{301}")
    let data = Dataset(
      features: Matrix(rowCount: 4, columnCount: 2, elements: [0, 9, 0, 9, 1, 8, 1, 8]),
      labels: [0, 0, 1, 1], featureNames: [one, two], classNames: ["a", "b"])
    let tree = DecisionTree(seed: 42)
    let description = ModelDescription(
      algorithm: .decisionTree, hyperparameters: tree.hyperparameters, featureNames: [one, two],
      classNames: ["a", "b"],
      training: .init(fileName: "t.csv", sha256: "00", target: "t", seed: 42, testFraction: 0.2),
      validationMetrics: [:], programVersion: "test")
    let columns = [(one, 0.0, 1.0), (two, 8, 9)].map { name, minimum, maximum in
      FeatureColumn(
        name: name,
        content: .numbers(
          NumberDistribution(minimum: minimum, maximum: maximum, binEdges: [], binShares: [1])),
        scalings: [FeatureColumn.Scaling(mean: 0, deviation: 1)])
    }
    let pipeline = try SavedPipeline(
      SavedModel(try tree.fit(data), description),
      SavedPreprocessing(
        columns: columns, target: "t",
        classes: CategoryDistribution(names: ["a", "b"], shares: [0.5, 0.5])))
    let service = ServiceFixture(pipeline)
    let answer = try await service.predict("{\"\(two)\":9,\"\(one)\":0}")
    #expect(answer.json["label"]?.text == "a" && answer.json["notices"]?.elements ?? [] == [])
    let csv = try await service.ask(
      "POST", "/api/predict", type: "text/csv", body: "\(two),\(one)\n8,1\n")
    #expect(csv.body.hasSuffix("\nb,0.0,1.0\n"))
    let page = try await service.ask("GET", "/?%C3%A9=5&e%CC%81=7")
    #expect(page.body.contains("value=\"5\"") && page.body.contains("value=\"7\""))
    #expect(try await service.ask("GET", "/openapi.json").status == 200)
  }

  /// The first stones of the table.
  private func stones(count: Int) -> [Stone] {
    Stone.table(rows: Array(0..<count))
  }

  @Test func `the API accepts 10,000 rows, and not one more`() async throws {
    let service = try ServiceFixture.diamonds()
    let rows = [String](repeating: stone.json, count: ServiceState.rowLimit)
    let (status, json) = try await service.predict("[" + rows.joined(separator: ",") + "]")
    #expect(status == 200)
    #expect(json.elements?.count == 10_000)
    let more = rows + [stone.json]
    #expect(try await service.predict("[" + more.joined(separator: ",") + "]").status == 400)
  }

  @Test func `the API answers CSV with CSV, whatever the order of its columns`() async throws {
    let service = try ServiceFixture.diamonds()
    let fields = stone.fields.reversed() + [("note", "a, b")]
    let csv =
      fields.map(\.0).joined(separator: ",") + "\n"
      + fields.map { "\"\($0.1)\"" }.joined(separator: ",") + "\n"
    let answer = try await service.ask("POST", "/api/predict", type: "text/csv", body: csv)
    #expect(answer.status == 200)
    let json = try await service.predict(stone.json).json
    let label = try #require(json["label"]?.text)
    let gold = try #require(json["probabilities"]?["Gold"]?.number)
    let silver = try #require(json["probabilities"]?["Silver"]?.number)
    #expect(
      answer.body
        == "label,probability_Gold,probability_Silver\n\(label),\(gold),\(silver)\n")
  }

  @Test func `the API names line and column of what is wrong with a table`() async throws {
    let service = try ServiceFixture.diamonds()
    let header = stone.fields.map(\.name).joined(separator: ",")
    let cells = stone.fields.map(\.text).joined(separator: ",")
    let bad = stone.with("depth", "deep").fields.map(\.text).joined(separator: ",")
    for (body, status, words) in [
      ("\(header)\n\(cells)\n\(bad)\n", 422, ["line 3", "depth", "\"deep\""]),
      ("\(header)\n\(cells),1\n", 400, ["line 2", "9 cells"]),
      ("carat,color\n1,D\n", 400, ["clarity"]),
      ("", 400, ["column names"]),
      ("\(header)\n\"open", 400, ["line 2", "closing quote"]),
    ] {
      let answer = try await service.ask("POST", "/api/predict", type: "text/csv", body: body)
      #expect(answer.status == status)
      for word in words { #expect(answer.body.replacing("\\\"", with: "\"").contains(word)) }
    }
  }

  @Test func `the API tells which model is served`() async throws {
    let json = try await ServiceFixture.diamonds().ask("GET", "/api/model").json
    #expect(json["name"]?.text == "RandomForest")
    #expect(json["version"]?.text == "1.2.3")
    #expect(json["from"]?.text == "workspace demo-ws")
    #expect(json["classes"]?.elements?.compactMap(\.text) == ["Gold", "Silver"])
    #expect(json["validation_metrics"]?["f1"]?.number == 0.8215)
    let features = try #require(json["features"]?.elements)
    #expect(features.compactMap { $0["name"]?.text } == stone.fields.map(\.name))
    #expect(features[0]["minimum"]?.number == 0.2)
    #expect(features[1]["categories"]?.elements?.count == 7)
    #expect(json["since"]?.text?.hasSuffix("Z") == true)
  }

  @Test func `the API is described for programs, with every route`() async throws {
    let json = try await ServiceFixture.diamonds().ask("GET", "/openapi.json").json
    #expect(json["openapi"]?.text?.hasPrefix("3.") == true)
    let paths = try #require(json["paths"]?.members?.map(\.name))
    for path in ["/api/predict", "/predict", "/", "/health", "/ready", "/metrics", "/monitor"] {
      #expect(paths.contains(path))
    }
    let row = json["components"]?["schemas"]?["Row"]
    #expect(row?["required"]?.elements?.count == 9)
    #expect(row?["properties"]?["clarity"]?["enum"]?.elements?.first == "IF")
    // References lead somewhere.
    for reference in json.description.split(separator: "\"$ref\":\"#/components/schemas/")
      .dropFirst()
    {
      let name = reference.prefix { $0 != "\"" }
      #expect(json["components"]?["schemas"]?[String(name)] != nil)
    }
  }

  @Test func `problems and notices are listed for a hundred rows, and counted for the others`()
    async throws
  {
    let service = try ServiceFixture.diamonds()
    let unknown = #"{"a":1,"b":2,"carat":1}"#
    let (status, json) = try await service.predict(
      "[" + [String](repeating: unknown, count: 10_000).joined(separator: ",") + "]")
    #expect(status == 422)
    let rows = try #require(json.elements)
    #expect(rows.count == 10_000)
    // Two unknown fields, and eight that are missing.
    #expect(rows[99]["error"]?["fields"]?.elements?.count == 10)
    for row in [rows[100], rows[9999]] {
      #expect(row["error"]?["message"]?.text?.hasPrefix("10 remarks") == true)
    }
    #expect(json.bytes.count < 3_000_000)
    let outside = ServiceFixture.stone.with("price", "99999").json
    let (_, noticed) = try await service.predict(
      "[" + [String](repeating: outside, count: 200).joined(separator: ",") + "]")
    let notices = try #require(
      noticed.elements?.map { $0["notices"]?.elements?.first?["field"]?.text })
    #expect(
      notices == [String](repeating: "price", count: 100) + [String](repeating: "", count: 100))
    #expect(
      noticed.elements?.last?["notices"]?.elements?.first?["message"]?.text?.hasPrefix("1 remark;")
        == true)
    // A row with more than anybody reads.
    let members = (0..<50_000).map { "\"f\($0)\":1" }.joined(separator: ",")
    let (_, long) = try await service.predict("{\(members)}")
    #expect(long["error"]?["fields"]?.elements?.count == 101)
    #expect(long["error"]?["fields"]?.elements?.last?["message"]?.text == "and 49909 more")
    // It once counted the listed ones.
    #expect(long["error"]?["message"]?.text?.hasSuffix(" (and 50008 more)") == true)
    let table =
      "carat,color,clarity,depth,table,price,x,y,z\n"
      + String(repeating: "a,b,c,d,e,f,g,h,i\n", count: 10_000)
    let answer = try await service.ask("POST", "/api/predict", type: "text/csv", body: table)
    #expect(answer.status == 422 && answer.body.utf8.count < 200_000)
    #expect(
      try answer.json["error"]?["fields"]?.elements?.last?["message"]?.text == "and 9900 more rows")
  }

  @Test func `200 test rows get scikit-learn's labels from API and page`() async throws {
    let service = ServiceFixture(try DiamondModels.full.get())
    let stones = try Stone.table(rows: Array(DiamondModels.data.get().test.rows.prefix(200)))
    #expect(stones.count == 200 && Self.labels.count == 200)
    for (stone, letter) in zip(stones, Self.labels) {
      let label = letter == "G" ? "Gold" : "Silver"
      #expect(try await service.predict(stone.json).json["label"]?.text == label)
      let page = try await service.ask(
        "POST", "/predict", type: "application/x-www-form-urlencoded", body: stone.form)
      #expect(page.body.contains("<h1>\(label)</h1>"))
    }
  }

  /// The labels of scikit-learn 1.9.1's forest for the first 200 test rows, Gold or Silver, as
  /// Tests/ClassifiersTests/Golden/make_diamonds_reference.py computes them.
  private static let labels = """
    GGGGGSGGGGGGSGSGSGGGGGGGGGGGGGGGGGGGGGGGGGGGGSGGSGGSGGGGGGSGGGGGGGGGGGGGGGGGGGGG\
    GGGSGGGGGGGGGGGGGGSSGGSGSGGGGGGGGGSGGSGGGGGGGGGGSSGGGGGGGGGGGSGGGGGGGGGGGGGGGSGG\
    GGGGGGGGGGGGGGGGGGGGGGGGGGSGGGSGGGGGSGGG
    """
}
