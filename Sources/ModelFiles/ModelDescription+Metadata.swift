import JSON

/// The description as a safetensors file's `__metadata__`: text by text, lists and objects as JSON.
extension ModelDescription {
  var metadata: [String: String] {
    [
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
    func json<Value>(
      _ name: String, _ read: (inout JSONReader) throws(JSONError) -> Value
    ) throws(ModelFileError) -> Value {
      let text = try text(name)
      do throws(JSONError) {
        var reader = JSONReader(text)
        let value = try read(&reader)
        try reader.finish()
        return value
      } catch {
        throw fail(name, error.description)
      }
    }
    func names(_ name: String, atLeast minimum: Int) throws(ModelFileError) -> [String] {
      let names = try json(name) { reader throws(JSONError) in
        try reader.list { reader throws(JSONError) in try reader.string() }
      }
      guard names.count >= minimum else { throw fail(name, "expected \(minimum) or more") }
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
    let parameters = try json("hyperparameters") { reader throws(JSONError) in
      var parameters: [(name: String, value: HyperparameterValue)] = []
      try reader.object { name, reader throws(JSONError) in
        parameters.append((name, try HyperparameterValue(&reader)))
      }
      return parameters
    }
    let metrics = try json("validation_metrics") { reader throws(JSONError) in
      var metrics: [String: Double] = [:]
      try reader.object { name, reader throws(JSONError) in metrics[name] = try reader.real() }
      return metrics
    }
    self.init(
      algorithm: algorithm, hyperparameters: parameters,
      featureNames: try names("feature_names", atLeast: 1),
      classNames: try names("class_names", atLeast: 1),
      training: TrainingData(
        fileName: try text("data_file"), sha256: try text("data_sha256"),
        target: try text("target"), seed: seed, testFraction: testFraction),
      validationMetrics: metrics, programVersion: try text("program_version"))
  }
}

extension HyperparameterValue {
  fileprivate init(_ reader: inout JSONReader) throws(JSONError) {
    switch reader.peek() {
    case UInt8(ascii: "\""): self = .text(try reader.string())
    case UInt8(ascii: "["):
      self = .list(try reader.list { reader throws(JSONError) in try reader.real() })
    case UInt8(ascii: "n") where reader.word("null"): self = .none
    case UInt8(ascii: "t") where reader.word("true"): self = .boolean(true)
    case UInt8(ascii: "f") where reader.word("false"): self = .boolean(false)
    default:
      let text = try reader.number()
      if let integer = Int(text) {
        self = .integer(integer)
      } else if let real = Double(text), real.isFinite {
        self = .real(real)
      } else {
        throw reader.error("\(text) is beyond 64-bit numbers")
      }
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

extension JSONValue {
  /// A hyper-parameter's value as it stands in files.
  package init(_ value: HyperparameterValue) {
    self =
      switch value {
      case .none: .null
      case .boolean(let value): .boolean(value)
      case .integer(let value): .integer(value)
      case .real(let value): .real(value)
      case .text(let value): .string(value)
      case .list(let values): .array(values.map { .real($0) })
      }
  }
}
