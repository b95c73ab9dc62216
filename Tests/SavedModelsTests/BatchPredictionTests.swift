import Classifiers
import Datasets
import LinearAlgebra
import ModelFiles
import SavedModels
import TestSupport
import Testing

@Suite struct `Predicting a CSV file` {
  @Test func `predicting a file adds the model's own probabilities to every row`() throws {
    let fixture = try Self.fixture.get()
    let lines = try predicted(RepositoryFiles.diamonds).split(separator: "\n")
    let input = String(decoding: readFile(RepositoryFiles.diamonds) ?? [], as: UTF8.self)
      .split(separator: "\n")
    #expect(
      lines[0] == input[0] + ",predicted,probability_Gold,probability_Silver")
    #expect(lines.count == 53_941)
    let test = fixture.data.test
    let shares = fixture.model.probabilities(for: test.features)
    let labels = shares.rowArgMax()
    for index in test.rows.indices {
      let line = test.rows[index] + 1
      let expected =
        "\(input[line]),\(test.classNames[labels[index]]),\(shares[index, 0]),\(shares[index, 1])"
      if lines[line] != expected { Issue.record("\(lines[line]) instead of \(expected)") }
    }
  }

  @Test func `predicting a file finds columns by name, and copies the others`() throws {
    let plain = try predicted(text: "carat,color,clarity,depth,table,price,x,y,z\n" + Self.row)
    let cells = plain.split(separator: "\n")[1].split(separator: ",").suffix(3)
      .joined(separator: ",")
    let mixed = try predicted(
      text: "\u{feff}z;price;\"a \"\"note\"\"\";color;clarity;depth;table;carat;x;y\r\n"
        + "2.43; 326 ;\"x;\r\ny\";\"E\";SI2;61.5;55;0.23;3.95;3.98\r\n\r\n")
    #expect(
      mixed == "z;price;\"a \"\"note\"\"\";color;clarity;depth;table;carat;x;y;predicted;"
        + "probability_Gold;probability_Silver\r\n"
        + "2.43; 326 ;\"x;\r\ny\";\"E\";SI2;61.5;55;0.23;3.95;3.98;"
        + "\(cells.replacing(",", with: ";"))\r\n")
  }

  @Test func `predicting a file gives the same bytes with any number of threads`() throws {
    let one = try predicted(RepositoryFiles.diamonds, threads: 1)
    for threads in [2, 7] {
      #expect(try predicted(RepositoryFiles.diamonds, threads: threads) == one)
    }
  }

  @Test func `predicting a file accepts a header without rows`() throws {
    let text = "carat,color,clarity,depth,table,price,x,y,z\n"
    #expect(
      try predicted(text: text)
        == text.dropLast() + ",predicted,probability_Gold,probability_Silver\n")
  }

  private static let header = "carat,color,clarity,depth,table,price,x,y,z"
  private static let row = "0.23,E,SI2,61.5,55,326,3.95,3.98,2.43\n"

  @Test(arguments: [
    ("", "t.csv:1: expected a line of column names, found an empty file"),
    ("\n", "t.csv:1: expected a line of column names"),
    (
      "carat,color,clarity,depth,table,price,x,y\n",
      "t.csv:1: expected a column \"z\", which the model needs, found \"carat\", \"color\""
    ),
    ("\(header),predicted\n", "t.csv:1: expected no column \"predicted\", which predictions"),
    ("\(header)\n\(row)1,2\n", "t.csv:3: expected 9 cells as in the header, found 2"),
    (
      "\(header)\n\n\(row)\n0.23,Q,SI2,61.5,55,326,3.95,3.98,2.43\n",
      "t.csv:5: column \"color\": expected one of D, E, F, G, H, I, J, found \"Q\""
    ),
    (
      "\(header)\n0.23,,SI2,61.5,55,326,3.95,3.98,2.43\n",
      "t.csv:2: column \"color\": expected a value, found nothing"
    ),
    (
      "\(header)\n0.23,E,SI2,61.5,55,326,3.95,3.98,n/a\n",
      "t.csv:2: column \"z\": expected a value, found \"n/a\"; training had no missing value"
    ),
    (
      "\(header)\n0.23,E,SI2,61.5,55,326,3.95,3.98,\"2,43\"",
      "t.csv:2: column \"z\": expected a number with a point, found \"2,43\""
    ),
    ("\(header)\n0.23,E,SI2,61.5,55,326,3.95,3.98,1e999\n", "expected a number, found \"1e999\""),
    ("\(header)\n\(row)0.2\"3,E\n", "t.csv:3: expected a quote to stand at a cell's start or end"),
    ("\(header)\n\(row)\"0.23,E\n", "t.csv:3: expected a closing quote, found the end"),
    ("\(header)\n\(row)\u{0}\n", "t.csv:3: expected text, found a zero byte"),
  ])
  func `predicting a file refuses what it cannot predict, with its line`(
    text: String, problem: String
  ) {
    let error = #expect(throws: DatasetError.self) { try predicted(text: text) }
    #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
  }

  @Test func `predicting a file names the line of an error in a later block`() throws {
    let rowCount = 40_000
    var lines = [Self.header] + [String](repeating: String(Self.row.dropLast()), count: rowCount)
    lines[5] = "0.23,E,\"SI2\n\",61.5,55,326,3.95,3.98,2.43"
    #expect(throws: DatasetError.self) { try predicted(text: lines.joined(separator: "\n")) }
    lines[5] = lines[6]
    lines[30_000] = lines[30_000].replacing("E", with: "\u{e9}")
    for threads in [1, 3] {
      var written: [UInt8] = []
      let error = #expect(throws: DatasetError.self) {
        let folder = TemporaryFolder()
        let path = folder.write(lines.joined(separator: "\n"), to: "t.csv")
        try BatchPrediction(of: path, with: Self.fixture.get().pipeline).run(threads: threads) {
          written += $0
        }
      }
      #expect(error?.description.hasPrefix("t.csv:30001: column \"color\"") == true)
      let count = written.count { $0 == UInt8(ascii: "\n") }
      #expect(count > 10_000 && count <= 30_000)
      #expect(written.last == UInt8(ascii: "\n"))
    }
  }

  @Test func `rows that cannot be predicted are told apart with their lines and reasons`() throws {
    let bad = [
      (3, "expected 10 cells as in the header, found 2", "1;2"),
      (
        4, "column \"z\": expected a number, found \"many\"",
        "0.23;E;SI2;61.5;55;326;3.95;3.98;many;\"a;\nb\""
      ),
      (
        7, "column \"color\": expected one of D, E, F, G, H, I, J, found \"Q\"",
        "0.23;\"Q\";SI2;61.5;55;326;3.95;3.98;2.43; \"\""
      ),
      (
        8,
        "column \"carat\": expected a value, found nothing; training had no missing value in this column",
        ";E;SI2;61.5;55;326;3.95;3.98;2.43;"
      ),
    ]
    let good = Self.row.dropLast().replacing(",", with: ";") + ";x\r\n"
    let header = Self.header.replacing(",", with: ";") + ";\"a \"\"note\"\"\"\r\n"
    let text =
      header + good + bad[0].2 + "\r\n" + bad[1].2 + "\r\n" + good + bad[2].2 + "\r\n" + bad[3].2
    let (output, skipped, counts) = try predictedSkipping(text)
    #expect(try output == predicted(text: header + good + good))
    #expect(counts == (2, 4))
    // All reasons have a quote or a separator in them, but for the first.
    let expected = bad.enumerated().map { index, bad in
      let quoted = "\"\(bad.1.replacing("\"", with: "\"\""))\""
      return "\(bad.0);\(index == 0 ? bad.1 : quoted);\(bad.2)\r\n"
    }
    #expect(skipped == "line;reason;" + header + expected.joined())
  }

  @Test
  func `rows that cannot be predicted leave the others as they are with any number of threads`()
    throws
  {
    let lines = String(decoding: readFile(RepositoryFiles.diamonds) ?? [], as: UTF8.self)
      .split(separator: "\n")
    var (given, kept, places) = ([lines[0]], [lines[0]], [Int]())
    for (index, line) in lines.enumerated().dropFirst() {
      let isBad = index % 7 == 0 || (20_000..<30_000).contains(index)
      given.append(isBad ? line + ",more" : line)
      if isBad { places.append(index + 1) } else { kept.append(line) }
    }
    let expected = try predicted(text: kept.joined(separator: "\n"))
    for threads in [1, 2, 5] {
      let (output, skipped, counts) = try predictedSkipping(
        given.joined(separator: "\n"), threads: threads)
      #expect(output == expected)
      #expect(counts == (kept.count - 1, places.count))
      let rows = skipped.split(separator: "\n").dropFirst()
      #expect(rows.map { Int($0.prefix { $0 != "," }) } == places)
      #expect(zip(rows, places).allSatisfy { $0.hasSuffix(",\(given[$1 - 1])") })
    }
  }

  @Test(arguments: [
    ("\(header)\n\(row)\"0.23,E\n", "t.csv:3: expected a closing quote, found the end"),
    ("\(header)\n\(row)0.2\"3,E\n", "t.csv:3: expected a quote to stand at a cell's start or end"),
    (
      "\(header),reason\n",
      "t.csv:1: expected no column \"reason\", which rows that are skipped are written to; rename it"
    ),
  ])
  func `what is not divided into rows is refused also where rows may be skipped`(
    text: String, problem: String
  ) {
    let error = #expect(throws: DatasetError.self) { try predictedSkipping(text) }
    #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
  }

  private func predictedSkipping(
    _ text: String, threads: Int = 2
  ) throws -> (output: String, skipped: String, counts: (predicted: Int, skipped: Int)) {
    let folder = TemporaryFolder()
    var (output, skipped) = ([UInt8](), [UInt8]())
    let prediction = try BatchPrediction(
      of: folder.write(text, to: "t.csv"), with: Self.fixture.get().pipeline)
    let counts = try prediction.run(
      threads: threads, writeSkipped: { skipped += $0 }, write: { output += $0 })
    return (
      String(decoding: output, as: UTF8.self), String(decoding: skipped, as: UTF8.self), counts
    )
  }

  @Test func `predicting a file refuses bytes that are not text, with their line`() {
    let folder = TemporaryFolder()
    let path = folder.write(
      Array("\(Self.header)\n\(Self.row)0.23,".utf8) + [0xff, 0x0a], to: "t.csv")
    let error = #expect(throws: DatasetError.self) {
      try BatchPrediction(of: path, with: Self.fixture.get().pipeline).run(threads: 1) { _ in }
    }
    #expect(error?.description.hasPrefix("t.csv:3: expected UTF-8, found the byte 0xff") == true)
    for (path, status) in [(folder.path, "a folder"), (folder.path + "/none.csv", "No such file")] {
      let error = #expect(throws: DatasetError.self) {
        try BatchPrediction(of: path, with: Self.fixture.get().pipeline)
      }
      #expect(error?.kind == .missingFile)
      #expect(error?.description.contains(status) == true)
    }
  }

  @Test func `files of predictions appear whole, or not at all`() throws {
    let folder = TemporaryFolder()
    let pipeline = try Self.fixture.get().pipeline
    func files(_ policy: RowErrorPolicy) throws -> PredictionFiles {
      try #require(try PredictionFiles(folder.path + "/p.csv", onError: policy))
    }
    let sound = folder.write("\(Self.header)\n\(Self.row)", to: "sound.csv")
    let mixed = folder.write("\(Self.header)\n\(Self.row)x\(Self.row)", to: "mixed.csv")
    #expect(throws: DatasetError.self) {
      try files(.fail).write(BatchPrediction(of: mixed, with: pipeline), threads: 1)
    }
    #expect(folder.names() == ["mixed.csv", "sound.csv"])
    let path = folder.path + "/p.csv"
    let interrupted = try files(.fail)
    #expect(interrupted.interruption() == "interrupted; \(path) was not written")
    #expect(
      try files(.skip).write(BatchPrediction(of: mixed, with: pipeline), threads: 1)
        == "Predicted 1 rows into \(path); 1 row could not be predicted: see \(folder.path)/p.errors.csv"
    )
    folder.remove("p.csv")
    folder.remove("p.errors.csv")
    #expect(
      try files(.fail).write(BatchPrediction(of: sound, with: pipeline), threads: 1)
        == "Predicted 1 rows into \(path)")
    #expect(folder.names() == ["mixed.csv", "p.csv", "sound.csv"])
  }

  @Test func `rows are skipped only where there is a file beside which to write them`() throws {
    #expect(try PredictionFiles(nil, onError: .fail) == nil)
    let error = #expect(throws: DatasetError.self) { try PredictionFiles(nil, onError: .skip) }
    #expect(error?.description.hasPrefix("--on-error skip needs --output FILE") == true)
  }

  private func predicted(text: String) throws -> String {
    let folder = TemporaryFolder()
    return try predicted(folder.write(text, to: "t.csv"))
  }

  private func predicted(_ path: String, threads: Int = 2) throws -> String {
    var bytes: [UInt8] = []
    try BatchPrediction(of: path, with: Self.fixture.get().pipeline).run(threads: threads) {
      bytes += $0
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private struct Fixture: Sendable {
    let data: PreparedData
    let model: DecisionTreeModel
    let pipeline: SavedPipeline
  }

  /// A tree that learned from the diamonds, saved and restored.
  private static let fixture = Result {
    let preprocessing = Preprocessing()
    let data = try preprocessing.prepare(
      CSVTable(contentsOf: RepositoryFiles.diamonds, preprocessing.reading),
      split: TrainTestSplit())
    let tree = DecisionTree()
    let model = try tree.fit(data.training)
    let description = ModelDescription(
      algorithm: .decisionTree, hyperparameters: tree.hyperparameters,
      featureNames: data.training.featureNames, classNames: data.training.classNames,
      training: ModelDescription.TrainingData(
        fileName: "diamonds.csv", sha256: data.source.sha256, target: "cut", seed: 42,
        testFraction: 0.2),
      validationMetrics: [:], programVersion: ProgramVersion.current)
    let folder = TemporaryFolder()
    let pipeline = try SavedPipeline(
      SavedModel(model, description), SavedPreprocessing(data))
    for (name, bytes) in try pipeline.files() { folder.write(bytes, to: name) }
    return Fixture(data: data, model: model, pipeline: try SavedPipeline(folder: folder.path))
  }
}
