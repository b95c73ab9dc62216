import Classifiers
import Comet
import Comparison
import Datasets
import Evaluation
import JSON
import ModelFiles
import ModelRegistry
import Support

/// What is logged of a run, in the order in which it is sent. `docs/comet.md` lists it.
enum RunEvents {
  /// The machine, and the commit of the current folder.
  ///
  /// - Parameter key: what the command line must not show, should it be there.
  static func context(hiding key: APIKey?) -> [ExperimentEvent] {
    [.systemDetails(HostDetails.current(hiding: key))]
      + (GitRepository.metadata().map { [.gitMetadata($0)] } ?? [])
  }

  /// Hyper-parameters under scikit-learn's names, then what the run's data was.
  static func parameters(
    of classifier: any Classifier, _ data: PreparedData, _ timestamp: Int
  ) -> [ExperimentEvent] {
    parameters(classifier.hyperparameters.map { ($0.name, value($0.value)) }, data, timestamp)
  }

  /// What is logged of the baseline; scikit-learn's name for what it does stands for hyper-parameters.
  static func baseline(
    _ baseline: Baseline, _ data: PreparedData, _ timestamp: Int
  ) -> [ExperimentEvent] {
    parameters([("strategy", "most_frequent")], data, timestamp)
      + points(
        baseline.training, baseline.validation, metrics(classCount: data.test.classCount), timestamp
      )
  }

  private static func parameters(
    _ own: [(String, JSONValue)], _ data: PreparedData, _ timestamp: Int
  ) -> [ExperimentEvent] {
    let source = data.source
    let rowCount = data.training.sampleCount + data.test.sampleCount
    let others: [(String, JSONValue)] = [
      ("data_file", .string(source.fileName)), ("data_sha256", .string(source.sha256)),
      ("features", .string(data.columnNames.joined(separator: ","))),
      ("rows", .integer(rowCount)), ("seed", .integer(Int(source.split.seed))),
      ("target", .string(source.target)), ("test_fraction", .real(source.split.testFraction)),
    ]
    let optional: [(String, String?)] = [
      ("encode", data.encoding == .ordinal ? nil : data.encoding.rawValue),
      ("group", source.split.group), ("time", source.split.time),
      ("test_data_file", source.testFile?.name), ("test_data_sha256", source.testFile?.sha256),
    ]
    let given = optional.compactMap { name, value in value.map { (name, JSONValue.string($0)) } }
    return (own + others + given).map { .parameter($0, $1, timestamp: timestamp) }
  }

  /// A value as Python writes it, so that runs of both programs compare in Comet.
  static func value(_ value: HyperparameterValue) -> JSONValue {
    switch value {
    case .none: "None"
    case .boolean(let truth): truth ? "True" : "False"
    case .integer(let number): .integer(number)
    case .real(let number): .real(number)
    case .text(let text): .string(text)
    case .list(let numbers):
      .string("[" + numbers.map(\.description).joined(separator: ", ") + "]")
    }
  }

  /// The original's four metrics, of both parts, then all others.
  static func metrics(of run: EvaluatedModel, _ timestamp: Int) -> [ExperimentEvent] {
    var events = points(
      run.training, run.validation, metrics(classCount: run.test.classCount), timestamp)
    events.append(.metric("fit_seconds", .real(run.fitSeconds), timestamp: timestamp))
    events.append(.metric("predict_seconds", .real(run.predictSeconds), timestamp: timestamp))
    if let threshold = run.threshold {
      events.append(
        .parameter(
          "mistake_costs", .string(threshold.costs.joined(separator: " ")), timestamp: timestamp))
      if let value = threshold.value {
        events.append(.parameter("decision_threshold", .real(value), timestamp: timestamp))
      }
    }
    if let score = run.outOfBagScore {
      events.append(.metric("oob_score", .real(score), timestamp: timestamp))
    }
    events += losses(run.model.lossCurve, timestamp)
    for point in run.learningCurve {
      guard let training = point.training, let validation = point.validation else { continue }
      events += points(
        training, validation, originals, prefix: "learning_curve_",
        step: point.rowCount, timestamp)
    }
    return events
  }

  /// The loss by rounds: of all rounds, or of some at equal distances and the last one, since each is a request.
  private static func losses(_ curve: LossCurve?, _ timestamp: Int) -> [ExperimentEvent] {
    guard let curve else { return [] }
    return [("loss", curve.training), ("loss_held_out", curve.heldOut ?? [])].flatMap {
      name, losses in
      let step = max(1, losses.count / lossLimit)
      return losses.indices.filter { $0 % step == 0 || $0 == losses.count - 1 }.map { round in
        ExperimentEvent.metric(
          name, .real(losses[round]), context: "train", step: round, timestamp: timestamp)
      }
    }
  }

  /// About as many rounds of a loss are sent.
  private static let lossLimit = 50

  /// How a model does on other divisions of the rows by one metric, and how often it is the best. The
  /// single scores would be a request each.
  static func divisions(
    _ model: ModelDivisions, by metric: Metric, _ timestamp: Int
  ) -> [ExperimentEvent] {
    let values: [(String, JSONValue?)] = [
      ("mean", model.mean[metric].map { .real($0) }),
      ("std", model.deviation[metric].map { .real($0) }),
      ("best", model.wins[metric].map { .integer($0.best) }),
      ("near", model.wins[metric].map { .integer($0.near) }),
      ("count", model.wins[metric].map { .integer($0.divisions) }),
    ]
    return values.compactMap { suffix, value in
      value.map {
        .metric(
          "divisions_\(name(of: metric))_\(suffix)", $0, context: "validate", timestamp: timestamp)
      }
    }
  }

  /// The original's first, then all others that say something about that many classes.
  private static func metrics(classCount: Int) -> [Metric] {
    originals
      + Metric.allCases.filter { metric in
        !originals.contains(metric) && (classCount > 2 || !metric.isForManyClasses)
      }
  }

  /// The metrics that the original logs.
  private static let originals: [Metric] = [.accuracy, .precision, .recall, .f1]

  private static func points(
    _ training: ClassificationReport, _ validation: ClassificationReport, _ metrics: [Metric],
    prefix: String = "", step: Int? = nil, _ timestamp: Int
  ) -> [ExperimentEvent] {
    [("train", training), ("validate", validation)].flatMap { context, report in
      metrics.compactMap { metric in
        report[metric].map { value in
          .metric(
            prefix + name(of: metric), .real(value), context: context, step: step,
            timestamp: timestamp)
        }
      }
    }
  }

  /// The metric's name in Comet; the original takes that of F1 from scikit-learn's report.
  static func name(of metric: Metric) -> String {
    metric == .f1 ? "f1-score" : metric.rawValue
  }

  /// The files of a run's folder.
  ///
  /// - Parameter folder: the path of the whole comparison's folder.
  static func files(of run: EvaluatedModel, in folder: String, _ timestamp: Int)
    -> [ExperimentEvent]
  {
    let names = (try? Files.contents(of: folder + "/" + run.name)) ?? []
    return names.sorted().compactMap { name in
      upload(of: name, run).map { .asset($0, path: run.name + "/" + name, timestamp: timestamp) }
    }
  }

  /// A model's card, as a file of the model, so that it is registered with it.
  static func card(of model: String, in folder: String, _ timestamp: Int) -> [ExperimentEvent] {
    let (name, path) = (ModelFile.cardName, "\(model)/\(ModelFile.cardName)")
    guard Files.exists("\(folder)/\(path)") else { return [] }
    let asset = AssetUpload(
      name, type: "model-element", fileExtension: "md",
      modelName: LoggedModelName.name(ofFile: name, classifier: model))
    return [.asset(asset, path: path, timestamp: timestamp)]
  }

  /// What is logged of the whole comparison, in every experiment: the output, and the report as the
  /// experiment's page, or as an asset where it is large.
  static func last(_ output: String, in folder: String, _ timestamp: Int) -> [ExperimentEvent] {
    let report = "report.html"
    let events: [ExperimentEvent] = [.output(output, timestamp: timestamp)]
    guard let size = Files.size(folder + "/" + report) else { return events }
    if size <= 1 << 18, let html = Files.text(folder + "/" + report) {
      return events + [.html(html, override: true)]
    }
    let asset = AssetUpload(report, fileExtension: "html")
    return events + [.asset(asset, path: report, timestamp: timestamp)]
  }

  private static func upload(of name: String, _ run: EvaluatedModel) -> AssetUpload? {
    let parts = name.split(separator: ".")
    guard parts.count > 1, let ending = parts.last.map(String.init) else { return nil }
    let stem = String(name.dropLast(ending.count + 1))
    switch name {
    case "coefficients.csv":
      return AssetUpload(name, fileExtension: ending)
    case "predictions.csv":
      return AssetUpload(name, fileExtension: ending, context: "validate")
    case "roc-curve.json" where run.test.classCount > ConfusionMatrix.fullLimit:
      return AssetUpload(name, fileExtension: ending, context: "validate")
    case "confusion-matrix-train.json", "confusion-matrix-validate.json":
      let context = name.contains("train") ? "train" : "validate"
      return AssetUpload(
        name, type: "confusion-matrix", fileExtension: ending, context: context)
    case "scaler.json", ModelFile.name, ModelFile.graphName,
      _ where stem.hasSuffix("abelEncoder"):
      return AssetUpload(
        name, type: "model-element", fileExtension: ending,
        modelName: LoggedModelName.name(ofFile: name, classifier: run.name))
    default:
      // The curves go in Comet's own form.
      return nil
    }
  }
}
