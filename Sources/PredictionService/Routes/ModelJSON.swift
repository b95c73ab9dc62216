import Classifiers
import JSON
import ModelFiles
import SavedModels

/// What is said about the model that is served.
enum ModelJSON {
  /// As predictions name it.
  static func short(_ pipeline: SavedPipeline, _ origin: ServedModel.Origin) -> [UInt8] {
    JSONValue.object([
      .init("name", .string(pipeline.description.algorithm.rawValue)),
      .init("version", .string(origin.version)),
    ]).bytes
  }

  /// Everything: what `GET /api/model` answers.
  static func full(_ model: ServedModel) -> JSONValue {
    let description = model.pipeline.description
    let training = description.training
    return .object([
      .init("name", .string(model.name)),
      .init("version", .string(model.origin.version)),
      .init("from", .string(model.origin.place)),
      .init("since", .string(model.since.text)),
      .init("target", .string(model.pipeline.preprocessing.target)),
      .init("classes", .array(model.classNames.map(JSONValue.string))),
      .init("features", .array(zip(model.pipeline.columns, model.fields).map(feature))),
      .init(
        "validation_metrics", .sorted(description.validationMetrics.mapValues(JSONValue.real))),
      .init(
        "hyperparameters",
        .object(
          description.hyperparameters.map { .init($0.name, value(of: $0.value)) })),
      .init(
        "training",
        .object([
          .init("data_file", .string(training.fileName)),
          .init("data_sha256", .string(training.sha256)),
          .init("seed", .integer(Int(training.seed))),
          .init("test_fraction", .real(training.testFraction)),
        ])),
      .init("program_version", .string(description.programVersion)),
    ])
  }

  private static func feature(_ column: FeatureColumn, _ field: FeatureField) -> JSONValue {
    switch field.kind {
    case .choice(let names):
      .object([
        .init("name", .string(column.name)), .init("kind", "categories"),
        .init("categories", .array(names.map(JSONValue.string))),
      ])
    case .number(let range, _):
      .object([
        .init("name", .string(column.name)), .init("kind", "number"),
        .init("minimum", .real(range.lowerBound)), .init("maximum", .real(range.upperBound)),
        .init("unit", .optional(field.unit)),
      ])
    }
  }

  private static func value(of parameter: HyperparameterValue) -> JSONValue {
    switch parameter {
    case .integer(let number): .integer(number)
    case .real(let number): .real(number)
    case .text(let text): .string(text)
    case .boolean(let truth): .boolean(truth)
    case .none: .null
    case .list(let numbers): .array(numbers.map(JSONValue.real))
    }
  }
}
