import Classifiers
import LinearAlgebra
import ModelFiles
import SavedModels
import TestSupport
import Testing

@Suite struct `A hostile model file` {
  typealias Part = HandmadeFile.Part

  @Test func `every hostile model file is one change away from a valid one`() throws {
    let rows = Matrix(rowCount: 3, columnCount: 2, elements: [0.5, 9, 0.6, 1.5, 0.6, 1.6])
    let forest = try SavedModel(ModelFile(bytes: HandmadeFile.forest.bytes)).model
    // The mean of the first tree's leaf and of the second tree's (0.25, 0.75).
    #expect(
      forest.probabilities(for: rows).elements == [0.625, 0.375, 0.25, 0.75, 0.625, 0.375])
    _ = try ModelFile(bytes: HandmadeFile.naiveBayes.bytes)
    _ = try ModelFile(bytes: HandmadeFile.neighbors.bytes)
    // The log-odds of (2, 1): 0.5 · 2 − 2 · 1 + 1 = 0.
    let logistic = try SavedModel(ModelFile(bytes: HandmadeFile.logisticRegression.bytes)).model
    #expect(logistic.probabilities(of: [2, 1]) == [0.5, 0.5])
  }

  @Test func `a model file with a wrong length is refused`() {
    for count in 0..<8 {
      expect(
        [UInt8](repeating: 0, count: count), "expected a safetensors file, found \(count) bytes")
    }
    for length: UInt64 in [.max, 1 << 63, 100_000_001, 4_194_305] {
      let bytes = withUnsafeBytes(of: length.littleEndian, Array.init) + Array("{}".utf8)
      expect(bytes, "a header of at most 4194304 bytes, found a length of \(length)")
    }
    expect([3, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8), "expected a header of 3 bytes, found 2")
    expect([0, 0, 0, 0, 0, 0, 0, 0], "whose header starts with {")
  }

  @Test func `a file that is something else is refused`() {
    let page = Array("<!DOCTYPE html><html><body>Sign in</body></html>".utf8)
    expect(page, "expected a safetensors file")
    let pickle: [UInt8] = [0x80, 4, 0x95, 0x10, 0, 0, 0, 0, 0, 0, 0, 0x8c, 7]
    expect(pickle, "expected a safetensors file")
    expect(Array("PK\u{3}\u{4}and so on, an archive".utf8), "expected a safetensors file")
  }

  @Test(arguments: [
    ("{", "found the end"), ("{\"a\"", "expected a colon"), ("{\"a\":}", "expected an object"),
    ("{} {}", "text after the end"), ("{,}", "expected a string"),
    ("{}\u{0}", "text after the end"),
    ("{\"a\":[]}", "expected an object"), ("{\"a\":null}", "expected an object"),
    ("{\"a\\u12\":{}}", "four hexadecimal digits"), ("{\"\\ud800\":{}}", "surrogate"),
    ("{\"a\nb\":{}}", "control character"), ("{\"a\\x\":{}}", "unknown escape"),
    ("{\"__metadata__\":{\"a\":1}}", "expected a string"),
    ("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", "\"a\" stands there twice"),
    ("{\"__metadata__\":{},\"__metadata__\":{}}", "stands there twice"),
    ("{\"__metadata__\":{}}", "lacks \"format_version\""), ("{}", "lacks \"format_version\""),
    ("{'a':1}", "expected a string"),
  ])
  func `a model file with a wrong header is refused`(header: String, problem: String) {
    var file = HandmadeFile.forest
    file.header = header
    file.tensors = []
    expect(file, problem)
  }

  @Test(arguments: [
    ("{\"dtype\":\"F32\"}", "needs dtype, shape and two data_offsets"),
    (
      "{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}", "unknown type of elements \"F31\""
    ),
    ("{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}", "whole number, found 1.0"),
    ("{\"dtype\":\"F32\",\"shape\":[1e0],\"data_offsets\":[0,4]}", "whole number, found 1e0"),
    ("{\"dtype\":\"F32\",\"shape\":[01],\"data_offsets\":[0,4]}", "a comma or the end"),
    ("{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}", "a size, found -1"),
    ("{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}", "more than 2 numbers"),
    ("{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}", "offsets 4 to 0"),
    ("{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}", "offsets 8 to 12 in 4 bytes"),
    ("{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}", "has 4 bytes, its shape"),
    ("{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}", "more than 8"),
    (
      "{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]}",
      "a shape that overflows"
    ),
    (
      "{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}",
      "a shape that overflows"
    ),
    ("{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}", "whole number"),
    ("{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}", "unknown member \"x\""),
  ])
  func `a model file with a wrong tensor entry is refused`(entry: String, problem: String) {
    var file = HandmadeFile.forest
    file.tensors = []
    file.header = "{\"threshold\":\(entry)}"
    file.trailing = [0, 0, 0, 0]
    expect(file, problem)
  }

  @Test func `a model file whose tensors overlap, leave gaps or end early is refused`() {
    let forest = HandmadeFile.forest
    expect(forest.with("feature") { $0.offsets = "[0,24]" }, "neither overlap nor leave gaps")
    expect(forest.with("tree_roots") { $0.offsets = "[96,104]" }, "neither overlap nor leave gaps")
    var file = forest
    file.trailing = [0]
    expect(file, "1 bytes follow the last tensor")
    file = forest
    file.tensors.append(Part("more", "U8", "[1]", [0] as [UInt8]))
    expect(file, "unknown tensor \"more\"")
    file = forest
    for number in 0..<100 { file.tensors.append(Part("t\(number)", "U8", "[0]", [UInt8]())) }
    expect(file, "more than 64 tensors")
    file = forest
    file.tensors.removeLast()
    expect(file, "expected a tensor \"tree_roots\"")
    expect(forest.with("feature") { $0.type = "U32" }, "elements of type U32, expected I32")
    expect(forest.with("feature") { $0.shape = "[2,3]" }, "has 2 dimensions, expected 1")
  }

  @Test func `a model file with wrong metadata is refused`() {
    let forest = HandmadeFile.forest
    for (name, _) in forest.metadata {
      expect(forest.with(metadata: name, nil), "__metadata__ lacks \"\(name)\"")
    }
    let cases: [(String, String, String)] = [
      ("format_version", "2", "another version of the program"),
      ("algorithm", "SVC", "expected one of RandomForest"),
      ("seed", "-1", "from 0 to 4294967295"), ("test_fraction", "nan", "between 0 and 1"),
      ("class_names", "[]", "expected a list of names"),
      ("class_names", "[\"a\",\"a\"]", "different"),
      ("class_names", "[\"a\"", "found the end"),
      ("class_names", "[1]", "expected a list of names"),
      ("class_names", "[\"a\",\"b\",\"c\"]", "expected 3 classes"),
      ("feature_names", "[\"x\"]", "looks at feature 1"),
      ("hyperparameters", "{\"n_estimators\":3}", "tree_roots: expected 3"),
      ("hyperparameters", "{\"n_estimators\":0}", "n_estimators must be at least 1"),
      ("hyperparameters", "{\"n_estimators\":\"two\"}", "must be a whole number"),
      ("hyperparameters", "{\"gamma\":1}", "the hyper-parameter of RandomForest must be one of"),
      ("hyperparameters", "{\"ccp_alpha\":1e999}", "beyond 64-bit numbers"),
      ("hyperparameters", "{\"ccp_alpha\":{}}", "\"ccp_alpha\" has a value of another kind"),
      ("validation_metrics", "{\"f1\":NaN}", "found NaN"),
    ]
    for (name, value, problem) in cases { expect(forest.with(metadata: name, value), problem) }
    let threshold = forest.with(metadata: "decision_threshold", "0.2")
    expect(threshold, "\"positive_class\": expected the second of two classes")
    expect(threshold.with(metadata: "positive_class", "Gold"), "expected the second of two classes")
    let refitted = forest.with(metadata: "refitted_rows", "0")
    expect(refitted, "\"refitted_rows\": expected a number above 0")
    expect(
      refitted.with(metadata: "refitted_rows", "5"), "__metadata__ lacks \"twin_experiment\"")
    let named = threshold.with(metadata: "positive_class", "Silver")
    expect(named, "__metadata__ lacks \"mistake_costs\"")
    expect(named.with(metadata: "mistake_costs", "5"), "expected a list of names")
    expect(named.with(metadata: "decision_threshold", "nan"), "expected a number, found \"nan\"")
  }

  @Test func `a model file with an invalid tree is refused`() {
    let forest = HandmadeFile.forest
    for children: [Int32] in [
      [0, -1, 3, -2, -1, -2],  // its own child
      [1, -1, 0, -2, -1, -2],  // a way back to the root
      [1, -1, 1, -2, -1, -2],  // two parents
      [1, -1, 5, -2, -1, -2],  // a child in another tree
      [1, -1, .max, -2, -1, -2], [1, -1, 3, 4, -1, -2],
    ] {
      expect(forest.with("left_child", children), "names child")
    }
    expect(forest.with("left_child", [1, -1, -1, -2, -1, -2] as [Int32]), "has no parent")
    expect(forest.with("left_child", [-1, -1, -1, -1, -1, -1] as [Int32]), "has no parent")
    expect(forest.with("left_child", [1, -1, 3, -3, -1, -2] as [Int32]), "names row 2 of 2 rows")
    expect(forest.with("left_child", [1, -1, 3, .min, -1, -2] as [Int32]), "row 2147483647 of 2")
    expect(forest.with("tree_roots", [1, 5] as [Int32]), "start at node 0")
    for roots: [Int32] in [[0, 0], [0, -1], [0, .max], [0, .min]] {
      expect(forest.with("tree_roots", roots), "tree_roots: tree")
    }
    expect(forest.with("tree_roots", [0, 6] as [Int32]), "left_child: node 5 of tree 0")
    expect(forest.with("tree_roots", [0, 3] as [Int32]), "left_child: node 2 of tree 0")
    for odd in [Float.nan, .infinity, -.infinity, Float(bitPattern: 0xffff_ffff)] {
      expect(forest.with("threshold", [odd, 0, 1.5, 0, 0, 0]), "threshold: node 0 has")
    }
    expect(forest.with("threshold", [0.5, .nan, 1.5, 0, 0, 0] as [Float]), "leaf 1 has nan")
    for odd: Int32 in [2, -1, .max, .min] {
      expect(forest.with("feature", [0, 0, odd, 0, 0, 0]), "looks at feature \(odd)")
    }
    for shares in [
      [1, 0, 0.25, 0.5], [1, 0, -0.25, 1.25], [1, 0, .nan, 1], [1, 0, .infinity, 0],
    ] {
      expect(forest.with("leaf_shares", shares), "leaf_shares, row 1")
    }
    expect(
      forest.with("leaf_shares") { part in
        part.shape = "[1,4]"
      }, "expected 2 classes, as many as names, found 4")
    expect(
      forest.with("leaf_shares") { part in
        part.shape = "[0,9223372036854775807]"
        part.bytes = []
      }, "found 9223372036854775807")
    expect(
      forest.with("leaf_shares") { part in
        part.shape = "[0,2]"
        part.bytes = []
      }, "names row 0 of 0 rows")
    let none = forest.with("threshold") { part in
      part.shape = "[5]"
      part.bytes.removeLast(4)
    }
    expect(none, "differ in length")
  }

  @Test func `a model file with invalid sides of missing values is refused`() throws {
    func forest(_ sides: [UInt8], type: String = "U8") -> HandmadeFile {
      var file = HandmadeFile.forest
      file.tensors.append(
        HandmadeFile.Part("missing_go_to_left", type, "[\(sides.count)]", sides))
      return file
    }
    _ = try ModelFile(bytes: forest([1, 0, 0, 0, 0, 0]).bytes)
    expect(forest([2, 0, 0, 0, 0, 0]), "missing_go_to_left: node 0 has 2, expected 0 or 1")
    expect(forest([1, 1, 0, 0, 0, 0]), "missing_go_to_left: node 1 has 1, expected 0 in a leaf")
    expect(forest([1, 0, 0, 0, 0]), "missing_go_to_left: expected 6 numbers, one per node")
    expect(forest([1, 0, 0, 0, 0, 0], type: "I8"), "has elements of type I8, expected U8")
  }

  @Test func `a model file with invalid naive Bayes or neighbours is refused`() {
    let bayes = HandmadeFile.naiveBayes
    expect(bayes.with("class_variances", [1.0, -1, 1, 1]), "none below 0, found -1.0")
    expect(bayes.with("class_priors", [0.5, 0.6]), "class_priors")
    expect(bayes.with("class_priors", [.nan, 0.6]), "class_priors")
    expect(bayes.with("class_is_present", [0, 0] as [UInt8]), "at least one class")
    expect(bayes.with("class_is_present", [1, 2] as [UInt8]), "expected 0 or 1")
    expect(bayes.with("class_means") { $0.shape = "[1,4]" }, "expected 2 classes")
    expect(bayes.with("class_means") { $0.shape = "[4,1]" }, "expected 2 classes")
    expect(bayes.with("class_variances") { $0.shape = "[4,1]" }, "differ in shape")
    expect(bayes.with("variance_added") { $0.shape = "[1]" }, "has 1 dimensions, expected 0")
    let neighbors = HandmadeFile.neighbors
    expect(neighbors.with("training_labels", [0, 2, 1] as [Int32]), "one below 2, found 2")
    expect(neighbors.with("training_labels", [0, -1, 1] as [Int32]), "one below 2, found -1")
    expect(neighbors.with("training_samples", [1, 2, .nan, 4, 5, 6]), "sample 1 has nan")
    expect(neighbors.with("training_samples") { $0.shape = "[2,3]" }, "expected 2 features")
    expect(
      neighbors.with(metadata: "hyperparameters", #"{"n_neighbors":4}"#), "4 neighbours need")
    expect(
      neighbors.with(metadata: "hyperparameters", #"{"n_neighbors":9223372036854775807}"#),
      "neighbours need")
    expect(neighbors.with(metadata: "hyperparameters", #"{"p":3}"#), "p must be 1 or 2")
  }

  @Test func `a model file with an invalid logistic regression is refused`() {
    let logistic = HandmadeFile.logisticRegression
    for odd in [Double.nan, .infinity] {
      expect(logistic.with("coefficients", [odd, 1]), "expected finite numbers, found \(odd)")
      expect(logistic.with("intercepts", [odd]), "expected finite numbers, found \(odd)")
    }
    expect(logistic.with("class_is_present", [0, 0] as [UInt8]), "at least one class")
    expect(logistic.with("class_is_present", [1, 2] as [UInt8]), "expected 0 or 1")
    expect(logistic.with("coefficients") { $0.shape = "[2,1]" }, "expected 2 features")
    expect(logistic.with("intercepts") { $0.shape = "[]" }, "has 0 dimensions, expected 1")
    var three = logistic.with(metadata: "class_names", #"["a","b","c"]"#)
    expect(three, "class_is_present: expected 3 classes")
    three = three.with("class_is_present") {
      $0 = Part("class_is_present", "U8", "[3]", [1, 1, 1] as [UInt8])
    }
    expect(three, "expected 3 rows for 3 classes that are present")
    expect(
      logistic.with(metadata: "hyperparameters", #"{"C":0}"#), "C must be above 0, was 0.0")
  }

  @Test func `a boosted model sums the values of its leaves`() throws {
    let file = try ModelFile(bytes: HandmadeFile.boosting.bytes)
    let rows = Matrix(rowCount: 4, columnCount: 2, elements: [0, 9, 1, 2.5, 1, 3, .nan, 9])
    let shares = SavedModel(file).model.probabilities(for: rows)
    // 1 / (1 + exp(−raw)) of −0.625, 0.875, 1.375 and −0.625.
    for (row, share) in [0.348645135334, 0.705785027837, 0.79818677774, 0.348645135334].enumerated()
    {
      #expect(abs(shares[row, 1] - share) < 1e-11)
    }
  }

  @Test func `a model file with invalid boosted trees is refused`() {
    let boosting = HandmadeFile.boosting
    expect(boosting.with("baseline", [Double.nan]), "baseline: expected numbers of at most")
    expect(boosting.with("leaf_values", [-1, 0.5, 1, 1e300]), "leaf_values: expected numbers")
    expect(boosting.with("leaf_values", [-1, 0.5, 1, .infinity]), "found inf")
    expect(boosting.with("gain", [2, 0, 1, 0, 0, .nan]), "expected 0 in leaf 5")
    expect(boosting.with("bin_thresholds", [0.5, 2.5, 1.5]), "those of feature 1 do not ascend")
    expect(boosting.with("bin_thresholds", [.nan, 1.5, 2.5]), "those of feature 0 do not ascend")
    expect(boosting.with("first_threshold", [0, 1, 2] as [Int32]), "to end at 3")
    expect(boosting.with("first_threshold", [0, 4, 3] as [Int32]), "thresholds of feature 0")
    expect(boosting.with("first_threshold", [0, -1, 3] as [Int32]), "thresholds of feature 0")
    expect(boosting.with("bin", [0, 0, 3, 0, 0, 0] as [UInt8]), "node 2 has bin 3")
    expect(boosting.with("bin", [0, 1, 1, 0, 0, 0] as [UInt8]), "expected 0 in leaf 1")
    expect(boosting.with("missing_go_to_left", [2, 0, 0, 0, 0, 0] as [UInt8]), "to_left 2")
    expect(
      boosting.with("feature", [2, 0, 1, 0, 0, 0] as [Int32]), "feature 2, expected one below 2")
    expect(boosting.with("feature", [-1, 0, 1, 0, 0, 0] as [Int32]), "looks at feature -1")
    expect(boosting.with("count", [10, 4, 6, -3, 3, 10] as [Int32]), "node 3 has -3 samples")
    expect(boosting.with("left_child", [1, -1, 3, -2, -3, -5] as [Int32]), "row 4 of 4 rows")
    expect(boosting.with("left_child", [2, -1, 3, -2, -3, -4] as [Int32]), "expected 1")
    expect(boosting.with("class_is_present", [1, 0] as [UInt8]), "baseline: expected 0 numbers")
    expect(
      boosting.with(metadata: "hyperparameters", #"{"max_iter":1}"#), "in at most 1 rounds, found 2"
    )
    expect(
      boosting.with(metadata: "hyperparameters", #"{"monotonic_cst":[1,0]}"#), "monotonic_cst")
  }

  @Test func `a boosted model divides categories by its sets`() throws {
    let file = try ModelFile(bytes: HandmadeFile.categoricalBoosting.bytes)
    let rows = Matrix(
      rowCount: 6, columnCount: 2, elements: [0.5, 9, 2.5, 9, 1.5, 0, 1.5, 3, 0.75, 9, .nan, 9])
    let shares = SavedModel(file).model.probabilities(for: rows)
    // 1 / (1 + exp(−raw)) of −0.625, −0.625, 0.875, 1.375, −0.625 and −0.625.
    let low = 0.348645135334
    for (row, share) in [low, low, 0.705785027837, 0.79818677774, low, low].enumerated() {
      #expect(abs(shares[row, 1] - share) < 1e-11)
    }
  }

  @Test func `a model file with invalid sets of categories is refused`() {
    let boosting = HandmadeFile.categoricalBoosting
    func sets(_ first: UInt8) -> HandmadeFile {
      boosting.with("left_categories", [first] + [UInt8](repeating: 0, count: 31))
    }
    expect(sets(9), "expected bins below 3 in the set of node 0")
    expect(sets(7), "all values go to one side of node 0")
    expect(
      boosting.with("missing_go_to_left", [0, 0, 0, 0, 0, 0] as [UInt8])
        .with("left_categories", [UInt8](repeating: 0, count: 32)), "all values go to one side")
    expect(boosting.with("bin", [1, 0, 0, 0, 0, 0] as [UInt8]), "node 0 has bin 1")
    expect(boosting.with("feature_is_categorical", [2, 0] as [UInt8]), "expected 0 or 1")
    expect(boosting.with("feature_is_categorical", [0, 0] as [UInt8]), "at least one 1")
    expect(boosting.with("feature_is_categorical", [1, 1] as [UInt8]), "expected 2 sets")
    var unexplained = boosting
    unexplained.tensors.removeAll { $0.name == "feature_is_categorical" }
    expect(unexplained, "left_categories: expected none, since no feature is categorical")
    var lacking = boosting
    lacking.tensors.removeAll { $0.name == "left_categories" }
    expect(lacking, "left_categories")
  }

  @Test(arguments: Algorithm.allCases)
  func `a truncated model file is refused`(algorithm: Algorithm) throws {
    let bytes = try SavedModelMaker(algorithm, seed: 5).saved.bytes()
    for count in 0..<bytes.count {
      let error = #expect(throws: ModelFileError.self) {
        try ModelFile(bytes: Array(bytes[..<count]), fileName: "cut")
      }
      guard error?.description.hasPrefix("cut: ") == true else {
        Issue.record("\(count) bytes: \(error?.description ?? "")")
        return
      }
    }
    expect(bytes + [0], "1 bytes follow the last tensor")
  }

  @Test func `a path that leads to no file is refused`() {
    for path in ["/nowhere/model.safetensors", "/", "/dev/null"] {
      let error = #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: path) }
      #expect(error?.kind == .missingFile)
      #expect(error?.description.hasPrefix(path + ": ") == true)
    }
  }

  private func expect(
    _ file: HandmadeFile, _ problem: String, location: SourceLocation = #_sourceLocation
  ) {
    expect(file.bytes, problem, location: location)
  }

  /// Expects an error of one line that names the file and says what is wrong.
  private func expect(
    _ bytes: [UInt8], _ problem: String, location: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: ModelFileError.self, sourceLocation: location) {
      try ModelFile(bytes: bytes, fileName: "models/m")
    }
    guard let text = error?.description else { return }
    #expect(text.hasPrefix("models/m: "), sourceLocation: location)
    #expect(text.contains(problem), sourceLocation: location)
    #expect(!text.contains("\n"), sourceLocation: location)
  }
}
