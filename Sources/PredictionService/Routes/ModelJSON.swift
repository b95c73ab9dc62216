import Classifiers
import JSON
import ModelFiles
import SavedModels

/// The description of the served model as JSON.
enum ModelJSON {
  /// As predictions name it.
  static func short(_ pipeline: SavedPipeline, _ origin: ServedModel.Origin) -> [UInt8] {
    let name = pipeline.description.algorithm.rawValue
    return (["name": .string(name), "version": .string(origin.version)] as JSONValue).bytes
  }

  /// Everything: what `GET /api/model` answers.
  static func full(_ model: ServedModel) -> JSONValue {
    let description = model.pipeline.description
    let training = description.training
    let threshold = description.threshold.map { threshold -> JSONValue in
      [
        "value": .real(threshold.value), "positive_class": .string(model.classNames[1]),
        "costs": .array(threshold.costs.map(JSONValue.string)),
      ]
    }
    return .members([
      "name": .string(model.name),
      "version": .string(model.origin.version),
      "from": .string(model.origin.place),
      "since": .string(model.since.text),
      "target": .string(model.pipeline.preprocessing.target),
      "classes": .array(model.classNames.map(JSONValue.string)),
      "features": .array(zip(model.pipeline.columns, model.fields).map(feature)),
      "validation_metrics": .sorted(description.validationMetrics.mapValues(JSONValue.real)),
      "hyperparameters": .object(
        description.hyperparameters.map { .init($0.name, JSONValue($0.value)) }),
      "training": [
        "data_file": .string(training.fileName),
        "data_sha256": .string(training.sha256),
        "seed": .integer(Int(training.seed)),
        "test_fraction": .real(training.testFraction),
      ],
      "program_version": .string(description.programVersion),
      "decision_threshold": threshold,
    ])
  }

  private static func feature(_ column: FeatureColumn, _ field: FeatureField) -> JSONValue {
    let missing: JSONValue? = field.isOptional ? .boolean(true) : nil
    return switch field.kind {
    case .choice(let names):
      .members([
        "name": .string(column.name), "kind": "categories",
        "categories": .array(names.map(JSONValue.string)), "missing": missing,
        "encode": column.isOneHot ? "one-hot" : nil,
      ])
    case .number(let range, _):
      .members([
        "name": .string(column.name), "kind": "number", "minimum": .real(range.lowerBound),
        "maximum": .real(range.upperBound), "unit": .optional(field.unit), "missing": missing,
      ])
    }
  }
}
