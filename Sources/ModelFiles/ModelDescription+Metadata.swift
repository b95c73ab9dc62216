import JSON

/// The description as a safetensors file's `__metadata__`: text by text, lists and objects as JSON.
extension ModelDescription {
  package var metadata: [String: String] {
    var metadata = [
      "algorithm": algorithm.rawValue,
      "class_names": JSONValue.array(classNames.map { .string($0) }).description,
      "data_file": training.fileName,
      "data_sha256": training.sha256,
      "feature_names": JSONValue.array(featureNames.map { .string($0) }).description,
      "format_version": "\(Self.formatVersion)",
      "hyperparameters": JSONValue.sorted(
        Dictionary(uniqueKeysWithValues: hyperparameters.map { ($0, JSONValue($1)) })
      ).description,
      "program": "compare-models",
      "program_version": programVersion,
      "seed": "\(training.seed)",
      "target": training.target,
      "test_fraction": "\(training.testFraction)",
      "validation_metrics": JSONValue.sorted(validationMetrics.mapValues { .real($0) }).description,
    ]
    metadata.merge(training.split.metadata) { $1 }
    if training.keepsMissing { metadata["missing"] = "native" }
    if let request { metadata["request"] = request }
    if let refit {
      metadata["refitted_rows"] = "\(refit.rowCount)"
      metadata["twin_experiment"] = refit.twinExperiment
      metadata["twin_sha256"] = refit.twinSHA256
    }
    if let threshold {
      metadata["decision_threshold"] = "\(threshold.value)"
      metadata["mistake_costs"] = JSONValue.array(threshold.costs.map { .string($0) }).description
      metadata["positive_class"] = classNames[1]
    }
    if !training.classRules.isEmpty {
      metadata["class_rules"] = JSONValue.array(training.classRules.map { .string($0) }).description
    }
    return metadata
  }

  /// Reads and checks; entries that other programs may have added are ignored.
  init(metadata: [String: String], fileName: String) throws(ModelFileError) {
    func fail(_ name: String, _ problem: String) -> ModelFileError {
      ModelFileError(.badData, fileName, "__metadata__, \"\(name)\": \(problem)")
    }
    func text(_ name: String) throws(ModelFileError) -> String {
      guard let text = metadata[name] else {
        throw ModelFileError(.badData, fileName, "__metadata__ lacks \"\(name)\"")
      }
      return text
    }
    func json(_ name: String) throws(ModelFileError) -> JSONValue {
      let text = try text(name)
      do throws(JSONError) {
        return try JSONValue(parsing: text.utf8)
      } catch {
        throw fail(name, error.description)
      }
    }
    func names(_ name: String) throws(ModelFileError) -> [String] {
      guard let names = try json(name).list(of: \.text), !names.isEmpty else {
        throw fail(name, "expected a list of names")
      }
      guard names.areDistinct else { throw fail(name, "expected different names") }
      return names
    }

    let version = try text("format_version")
    guard version == "\(Self.formatVersion)" else {
      throw fail(
        "format_version",
        "expected \(Self.formatVersion), found \(JSONReader.quoted(version)); the model was saved by "
          + "another version of the program")
    }
    guard let algorithm = Algorithm(rawValue: try text("algorithm")) else {
      let known = Algorithm.allCases.map(\.rawValue).joined(separator: ", ")
      throw fail(
        "algorithm",
        "expected one of \(known), found \(JSONReader.quoted(try text("algorithm")))")
    }
    guard let seed = UInt32(try text("seed")) else {
      throw fail("seed", "expected a number from 0 to 4294967295")
    }
    guard let testFraction = Double(try text("test_fraction")), testFraction > 0, testFraction < 1
    else { throw fail("test_fraction", "expected a number between 0 and 1") }
    func members<Value>(
      _ name: String, _ value: (JSONValue) -> Value?
    ) throws(ModelFileError) -> [(name: String, value: Value)] {
      guard let members = try json(name).members else { throw fail(name, "expected an object") }
      return try members.map { member throws(ModelFileError) in
        guard let value = value(member.value) else {
          throw fail(name, "\(JSONReader.quoted(member.name)) has a value of another kind")
        }
        return (member.name, value)
      }
    }
    let metrics = try members("validation_metrics") { $0.number }
    let classNames = try names("class_names")
    var threshold: DecisionThreshold?
    if let text = metadata["decision_threshold"] {
      guard let value = Double(text), value.isFinite else {
        throw fail("decision_threshold", "expected a number, found \(JSONReader.quoted(text))")
      }
      guard classNames.count == 2, metadata["positive_class"] == classNames[1] else {
        throw fail(
          "positive_class", "expected the second of two classes, which the threshold is about")
      }
      threshold = DecisionThreshold(value, costs: try names("mistake_costs"))
    }
    self.init(
      algorithm: algorithm,
      hyperparameters: try members("hyperparameters") { HyperparameterValue($0) },
      featureNames: try names("feature_names"), classNames: classNames,
      training: TrainingData(
        fileName: try text("data_file"), sha256: try text("data_sha256"),
        target: try text("target"), seed: seed, testFraction: testFraction,
        split: try TrainingData.Split(metadata: metadata, text),
        classRules: metadata["class_rules"] == nil ? [] : try names("class_rules"),
        keepsMissing: metadata["missing"] == "native"),
      validationMetrics: Dictionary(uniqueKeysWithValues: metrics.map { ($0.name, $0.value) }),
      threshold: threshold,
      programVersion: try text("program_version"))
    if let text = metadata["request"] {
      guard try json("request").members != nil else { throw fail("request", "expected an object") }
      request = text
    }
    if let rows = metadata["refitted_rows"] {
      guard let rowCount = Int(rows), rowCount > 0 else {
        throw fail("refitted_rows", "expected a number above 0, found \(JSONReader.quoted(rows))")
      }
      refit = Refit(
        rowCount: rowCount, twinExperiment: try text("twin_experiment"),
        twinSHA256: try text("twin_sha256"))
    }
  }
}

extension ModelDescription.TrainingData.Split {
  fileprivate var metadata: [String: String] {
    switch self {
    case .random: [:]
    case .stable: ["split": "stable"]
    case .groups(let column): ["split": "group", "split_column": column]
    case .time(let column): ["split": "time", "split_column": column]
    case .testData(let fileName, let sha256):
      ["split": "test-data", "test_data_file": fileName, "test_data_sha256": sha256]
    }
  }

  /// - Parameter text: the entry of a name, which must be there.
  fileprivate init(
    metadata: [String: String], _ text: (String) throws(ModelFileError) -> String
  ) throws(ModelFileError) {
    self =
      switch metadata["split"] {
      case "stable": .stable
      case "group": .groups(column: try text("split_column"))
      case "time": .time(column: try text("split_column"))
      case "test-data":
        .testData(fileName: try text("test_data_file"), sha256: try text("test_data_sha256"))
      default: .random
      }
  }
}

extension [String] {
  /// Whether no two have the same Unicode scalars.
  var areDistinct: Bool {
    let sorted = sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return zip(sorted, sorted.dropFirst()).allSatisfy { !$0.utf8.elementsEqual($1.utf8) }
  }
}
