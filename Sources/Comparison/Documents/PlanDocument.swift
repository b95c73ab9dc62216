public import Classifiers

/// What a run was asked for: all that its results depend on, and the command line.
///
/// It is written before the work begins, so that a stopped run can be gone on with, and only with the
/// same data and the same options.
public struct PlanDocument: Codable, Hashable, Sendable {
  static let fileName = "plan.json"

  public struct Model: Codable, Hashable, Sendable {
    public let name: String
    public let hyperparameters: [String: HyperparameterValue]
  }

  /// The options as they were typed.
  public let arguments: [String]
  public let version: String
  public let dataSHA256: String
  public let options: [String: String]
  public let models: [Model]

  /// - Parameter options: the options that results depend on, under their names, as words.
  public init(
    arguments: [String], version: String, dataSHA256: String, options: [String: String],
    candidates: [any Classifier]
  ) {
    self.arguments = arguments
    self.version = version
    self.dataSHA256 = dataSHA256
    self.options = options
    models = candidates.map { candidate in
      Model(
        name: type(of: candidate).algorithm.rawValue,
        hyperparameters: Dictionary(
          uniqueKeysWithValues: candidate.hyperparameters.map { ($0, $1) }))
    }
  }

  private enum CodingKeys: String, CodingKey {
    case arguments, version, options, models
    case dataSHA256 = "data_sha256"
  }

  /// Refuses to go on where anything that results depend on differs.
  public func check(continues begun: PlanDocument, at path: String) throws(ResumeError) {
    if dataSHA256 != begun.dataSHA256 {
      throw ResumeError(
        .otherData,
        "\(path): expected the data that the run began with (SHA-256 \(begun.dataSHA256.prefix(12))…), "
          + "found other data (\(dataSHA256.prefix(12))…); start a new run")
    }
    for name in Set(options.keys).union(begun.options.keys).sorted()
    where options[name] != begun.options[name] {
      throw ResumeError(
        .otherOptions,
        "\(path): expected --\(name) \(begun.options[name] ?? "not given"), as the run began, found "
          + "\(options[name] ?? "it not given"); leave it out, or start a new run")
    }
    guard models.map(\.name) == begun.models.map(\.name) else {
      throw ResumeError(
        .otherOptions,
        "\(path): expected the models \(begun.models.map(\.name).joined(separator: ", ")), as the run "
          + "began, found \(models.map(\.name).joined(separator: ", "))")
    }
    for (mine, theirs) in zip(models, begun.models) {
      for name in Set(mine.hyperparameters.keys).union(theirs.hyperparameters.keys).sorted() {
        let value = mine.hyperparameters[name]?.description ?? "none"
        let begunValue = theirs.hyperparameters[name]?.description ?? "none"
        // 1 and 1.0 are one number in JSON.
        if value != begunValue, Double(value) == nil || Double(value) != Double(begunValue) {
          throw ResumeError(
            .otherOptions,
            "\(path): expected \(mine.name).\(name)=\(begunValue), as the run began, found \(value)"
          )
        }
      }
    }
    guard version == begun.version else {
      throw ResumeError(
        .otherOptions,
        "\(path): expected version \(begun.version) of the program, which began the run, this is "
          + version)
    }
  }
}

/// Why a run cannot be gone on with.
public struct ResumeError: Error, Hashable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    case otherData
    case otherOptions
  }

  public let kind: Kind
  public let description: String

  init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
