import Classifiers
import Datasets
import LinearAlgebra
import ModelFiles
import SavedModels
import TestSupport
import Testing

@Suite struct `Encoders and scaler in files` {
  @Test func `encoders and scaler of the diamonds come back as they were`() throws {
    let data = try Self.diamonds.get()
    let saved = SavedPreprocessing(data)
    #expect(
      saved.files.map(\.name) == [
        "scaler.json", "labelEncoder.json", "colorFeatureLabelEncoder.json",
        "clarityFeatureLabelEncoder.json",
      ])
    let restored = try SavedPreprocessing(files: Self.dictionary(saved))
    #expect(restored == saved)
    #expect(restored.target == "cut")
    #expect(restored.classNames == ["Gold", "Silver"])
    #expect(restored.columns[1].categories == ["D", "E", "F", "G", "H", "I", "J"])
    #expect(restored.columns.map { $0.scalings.map(\.mean) } == data.scaler.means.map { [$0] })
    #expect(
      restored.columns.map { $0.scalings.map(\.deviation) } == data.scaler.deviations.map { [$0] })
  }

  @Test func `a scaler from a file scales a table to the values that models learn from`() throws {
    let data = try Self.diamonds.get()
    let saved = try SavedPreprocessing(files: Self.dictionary(SavedPreprocessing(data)))
    let rows = Array(data.test.rows.prefix(500))
    let values = Matrix(
      rowCount: rows.count, columnCount: 9,
      elements: rows.flatMap { row in data.columns.map { $0[row] } })
    #expect(saved.scaled(values).bits == Array(data.test.features.bits.prefix(500 * 9)))
  }

  @Test func `a scaler's file tells how the training rows are spread`() throws {
    let numbers = NumberDistribution((1...20).map(Double.init))
    #expect(numbers.binEdges == [2, 4, 6, 8, 10, 12, 14, 16, 18])
    #expect(numbers.binShares.allSatisfy { $0 == 0.1 })
    #expect([0, 2, 2.1, 18, 18.5, 99].map { numbers.bin(of: $0) } == [0, 0, 1, 8, 9, 9])
    // 1 fills the first six tenths, 3 the rest but one.
    let ties = NumberDistribution([3, 1, 1, 1, 1, 1, 3, 1, 3, 4])
    #expect(ties.binEdges == [1, 3])
    #expect(ties.binShares == [0.6, 0.3, 0.1])
    let constant = NumberDistribution([7, 7])
    #expect(constant.binEdges == [])
    #expect(constant.binShares == [1])
    #expect((constant.minimum, constant.maximum) == (7, 7))
  }

  @Test func `the bins of a scaler's file count every training row once`() {
    var generator = SeededGenerator(seed: 4)
    for seed in 0..<200 {
      let count = Int.random(in: 1...60, using: &generator)
      let values = (0..<count).map { _ in Double(Int.random(in: 0...9, using: &generator)) }
      let spread = NumberDistribution(values)
      var counts = [Int](repeating: 0, count: spread.binShares.count)
      for value in values { counts[spread.bin(of: value)] += 1 }
      #expect(counts.map { Double($0) / Double(count) } == spread.binShares, "case \(seed)")
      #expect(counts.allSatisfy { $0 > 0 }, "case \(seed)")
    }
  }

  @Test(arguments: [
    ("color", [], "color"), ("Sepal.Length", [], "Sepal.Length"), ("a_b-c9", [], "a_b-c9"),
    ("../../etc/passwd", [], "%2E.%2F..%2Fetc%2Fpasswd"), ("a/b", [], "a%2Fb"),
    ("a\\b:c", [], "a%5Cb%3Ac"), ("", [], ""), ("100%", [], "100%25"), ("\u{e9}", [], "%C3%A9"),
    ("a b\u{0}", [], "a%20b%00"), ("Color", ["color"], "%43olor"), ("color", ["Color"], "color"),
    ("COLOR", ["color"], "%43%4F%4C%4F%52"),
  ])
  func `an encoder's file is named after its column, safely`(
    column: String, others: [String], name: String
  ) throws {
    let saved = try Self.preprocessing(columns: [column] + others)
    #expect(saved.files[2].name == name + "FeatureLabelEncoder.json")
    #expect(try SavedPreprocessing(files: Self.dictionary(saved)) == saved)
  }

  @Test func `an encoder's file has a short name even for a long column`() throws {
    let long = String(repeating: "x", count: 1000)
    let names = try Self.preprocessing(columns: [long, long + "y"]).files.dropFirst(2).map(\.name)
    #expect(names.allSatisfy { $0.utf8.count <= 255 })
    #expect(Set(names).count == 2)
  }

  @Test func `one-hot columns come back from their files, and damaged ones are refused`() throws {
    let data = try Self.diamonds(.oneHot)
    let saved = SavedPreprocessing(data)
    let files = Self.dictionary(saved)
    #expect(try SavedPreprocessing(files: files) == saved)
    #expect(saved.featureNames == data.training.featureNames && saved.featureCount == 22)
    #expect(saved.columns.map(\.name) == data.columnNames && saved.columns[1].isOneHot)
    #expect(saved.columns.flatMap { $0.scalings.map(\.mean) } == data.scaler.means)
    let text = String(decoding: files["scaler.json"] ?? [], as: UTF8.self)
    for (old, new, problem) in [
      ("\"encode\": \"one-hot\"", "\"encode\": \"two-hot\"", "needs the value one-hot"),
      ("\"encode\": \"one-hot\",", "", "unknown member \"deviations\""),
      ("\"means\": [", "\"means\": [0, ", "for each share of its encoder one of means"),
      ("\"deviations\": [", "\"deviations\": [0, ", "deviations above 0"),
      ("\"means\"", "\"mean\"", "unknown member \"mean\""),
    ] {
      var changed = files
      changed["scaler.json"] = Array(text.replacing(old, with: new, maxReplacements: 1).utf8)
      let error = #expect(throws: ModelFileError.self) { try SavedPreprocessing(files: changed) }
      #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }
  }

  @Test func `invalid preprocessing files are refused`() throws {
    let files = Self.dictionary(SavedPreprocessing(try Self.diamonds.get()))
    let cases: [(file: String, old: String, new: String, problem: String)] = [
      ("scaler.json", "\"kind\": \"numbers\"", "\"kind\": \"words\"", "found \"words\""),
      ("scaler.json", "\"kind\": \"categories\",", "\"kind\": \"numbers\",", "needs minimum"),
      ("scaler.json", "\"name\": \"x\"", "\"name\": \"y\"", "different names"),
      ("scaler.json", "\"mean\"", "\"maen\"", "unknown member \"maen\""),
      ("scaler.json", "\"format_version\": 1", "\"format_version\": 2", "another version"),
      ("scaler.json", "\"minimum\": 0.2", "\"minimum\": 6", "needs minimum"),
      ("scaler.json", "[0.31, 0.35", "[0.36, 0.35", "rising bin_edges"),
      ("scaler.json", "0.4740068505099664", "0", "a deviation above 0"),
      ("scaler.json", "0.4740068505099664", "1e999", "beyond 64-bit numbers"),
      ("scaler.json", "0.4740068505099664", "NaN", "found NaN"),
      ("scaler.json", "\n}", "\n},", "text after the end"),
      (
        "scaler.json", "\"minimum\": 0.2", "\"median\": 6, \"minimum\": 0.2",
        "a median from minimum"
      ),
      (
        "scaler.json", "\"minimum\": 0.2", "\"median\": null, \"minimum\": 0.2",
        "a median from minimum"
      ),
      (
        "scaler.json", "\"format_version\": 1", "\"format_version\": 1, \"missing_values\": [1]",
        "a list of different words"
      ),
      (
        "colorFeatureLabelEncoder.json", "\"shares\"", "\"missing\": true, \"shares\"",
        "one share more"
      ),
      (
        "colorFeatureLabelEncoder.json", "\"shares\"", "\"missing\": false, \"shares\"",
        "one share more"
      ),
      (
        "labelEncoder.json", "\"shares\"", "\"missing\": true, \"shares\"",
        "unknown member \"missing\""
      ),
      ("colorFeatureLabelEncoder.json", "\"E\"", "\"D\"", "different names"),
      ("colorFeatureLabelEncoder.json", "\"E\", ", "", "for each a share"),
      ("colorFeatureLabelEncoder.json", "\"color\"", "\"clarity\"", "found that of \"clarity\""),
      ("labelEncoder.json", "\"shares\": [0.", "\"shares\": [1.", "sum to one"),
      ("labelEncoder.json", "\"classes\"", "\"classes\": [], \"classes\"", "stands there twice"),
    ]
    for (file, old, new, problem) in cases {
      var changed = files
      let text = String(decoding: files[file] ?? [], as: UTF8.self)
      #expect(text.contains(old), "\(file): \(old)")
      changed[file] = Array(text.replacing(old, with: new, maxReplacements: 1).utf8)
      let error = #expect(throws: ModelFileError.self) { try SavedPreprocessing(files: changed) }
      #expect(error?.description.hasPrefix(file + ": ") == true)
      #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }
    for name in files.keys {
      var changed = files
      changed[name] = nil
      let error = #expect(throws: ModelFileError.self) { try SavedPreprocessing(files: changed) }
      #expect(error?.kind == .missingFile)
      for count in 0..<(files[name]?.count ?? 0) - 1 {
        changed[name] = files[name].map { Array($0[..<count]) }
        #expect(throws: ModelFileError.self, "\(name) cut at \(count)") {
          try SavedPreprocessing(files: changed)
        }
      }
    }
  }

  @Test func `preprocessing says what is wrong with a cell`() throws {
    let saved = SavedPreprocessing(try Self.diamonds.get())
    #expect(try saved.columns[0].value(of: "0.23") == 0.23)
    #expect(try saved.columns[1].value(of: "E") == 1)
    for (column, cell, problem) in [
      (0, "", "expected a value, found nothing"),
      (0, "n/a", "expected a value, found \"n/a\"; training had no missing value"),
      (0, "many", "expected a number, found \"many\""),
      (0, "1,5", "expected a number with a point, found \"1,5\""),
      (0, "inf", "expected a number, found \"inf\""), (0, "1e999", "found \"1e999\""),
      (1, "Z", "expected one of D, E, F, G, H, I, J, found \"Z\""), (1, "", "found nothing"),
    ] {
      let error = #expect(throws: CellError.self) { try saved.columns[column].value(of: cell) }
      #expect(error?.description.contains(problem) == true)
    }
  }

  static let diamonds = Result { try diamonds(.ordinal) }

  static func diamonds(_ encoding: Preprocessing.Encoding) throws -> PreparedData {
    let preprocessing = Preprocessing(encoding: encoding)
    return try preprocessing.prepare(
      CSVTable(
        contentsOf: RepositoryFiles.diamonds, preprocessing.reading),
      split: TrainTestSplit())
  }

  private static func dictionary(_ saved: SavedPreprocessing) -> [String: [UInt8]] {
    Dictionary(uniqueKeysWithValues: saved.files.map { ($0.name, $0.bytes) })
  }

  /// The preprocessing of columns that have two categories each.
  private static func preprocessing(columns: [String]) throws -> SavedPreprocessing {
    let encoder = LabelEncoder(fitting: ["a", "b"])
    let features = Matrix(
      rowCount: 2, columnCount: columns.count,
      elements: (0...1).flatMap { [Double](repeating: Double($0), count: columns.count) })
    let dataset = Dataset(
      features: features, labels: [0, 1], featureNames: columns, classNames: ["a", "b"])
    let values = columns.map { _ in [0.0, 1] }
    return SavedPreprocessing(
      PreparedData(
        training: dataset, test: dataset, encoders: columns.map { ($0, encoder) },
        targetEncoder: encoder, scaler: StandardScaler(fitting: values), columns: values,
        source: PreparedData.Source(
          fileName: "t.csv", sha256: "", target: "cut", split: TrainTestSplit())))
  }
}
