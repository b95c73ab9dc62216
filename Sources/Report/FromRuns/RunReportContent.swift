import Classifiers
import Comparison
import Evaluation
import LinearAlgebra
import Support

/// Maps a run to what its report says.
enum RunReportContent {
  /// - Parameters:
  ///   - sortBy: the metric to rank by; without it, the one that the run was asked for.
  ///   - links: the pages of the models' experiments, by the models' names.
  ///   - threads: how many threads may work; it never changes the result.
  static func content(
    of run: FinishedRun, sortBy: Metric? = nil, links: [String: String] = [:],
    threads: Int = Parallelism.availableThreads
  ) -> ReportContent {
    let document = run.document
    let sortBy = sortBy ?? run.reportData?.sortBy
    let classNames = document.data.classes
    let metrics = Metric.shown(classCount: classNames.count)
    let testRows = document.models[0].validate.confusionMatrix.joined().reduce(0, +)
    let places = order(of: document, by: sortBy)
    var content = ReportContent(
      title: title(of: document), answer: answer(document, by: sortBy), classNames: classNames,
      featureNames: document.data.features,
      metrics: metrics.map { $0.column(classNames: classNames) },
      models: Parallelism.map(places.count, threads: threads) { index, _ in
        var model = model(at: places[index], of: run, metrics)
        model.experimentLink = links[model.name]
        return model
      },
      testRowCount: testRows, provenance: provenance(of: run))
    content.baseline = document.baseline.map { baseline in
      BaselineRow(
        name: "Always \(baseline.class)",
        values: metrics.map { MetricValue(baseline.validate.values[$0]) })
    }
    let ranking = sortBy ?? .accuracy
    content.pairTests = PairTestContent(document.statistics, rowCount: testRows)
    content.folds = FoldContent(document.crossValidation, metric: ranking)
    content.learningCurve = LearningContent(run, metric: ranking)
    if let data = run.reportData {
      content.data = DataContent(data.data)
      content.permutation = PermutationSettings(
        repeatCount: data.importances.repeats, rowCount: data.importances.rows)
    }
    return content
  }

  private static func answer(_ document: ComparisonDocument, by metric: Metric?) -> Answer {
    let findings = Findings(document, by: metric ?? .accuracy)
    return Answer(sentence: findings.answer, remarks: findings.details)
  }

  /// The places of the models, the best first where a metric to sort by is given.
  private static func order(of document: ComparisonDocument, by metric: Metric?) -> [Int] {
    guard let metric else { return Array(document.models.indices) }
    let sign: Double = metric.higherIsBetter ? 1 : -1
    let values = document.models.map { model in
      model.validate.values[metric].map { $0 * sign } ?? -.infinity
    }
    return values.indices.sorted {
      ($1 > $0 && values[$0] == values[$1]) || values[$0] > values[$1]
    }
  }

  private static func title(of document: ComparisonDocument) -> String {
    let names = document.data.classes
    let count = document.models.count
    let models =
      (count == 1 ? "one classifier" : "\(count) classifiers") + " on " + document.data.file
    return names.count == 2
      ? "\(names[0]) or \(names[1])? " + models.prefix(1).uppercased() + models.dropFirst()
      : "\(names.count) classes, " + models
  }

  private static func model(
    at index: Int, of run: FinishedRun, _ metrics: [Metric]
  ) -> ModelContent {
    let part = run.document.models[index]
    let intervals = run.document.statistics?.intervals(of: part.name)
    var model = ModelContent(
      name: part.name,
      values: metrics.map { metric in
        MetricValue(
          part.validate.values[metric],
          interval: intervals?[metric].map { $0.bca.lower...max($0.bca.lower, $0.bca.upper) })
      }, fitSeconds: part.fitSeconds, predictSeconds: part.predictSeconds)
    model.hyperparameters = part.hyperparameters.sorted { $0.key < $1.key }
      .map { ($0.key, $0.value.description) }
    model.confusion = part.validate.confusionMatrix
    if let predictions = run.predictions[index] {
      model.curves = curves(predictions, classNames: run.document.data.classes)
      model.calibration = CalibrationContent(predictions)
    }
    if let found = run.reportData?.importances.models.first(where: { $0.name == part.name }) {
      model.impurityImportances = found.impurity
      if let means = found.permutationMeans, let errors = found.permutationErrors {
        model.permutationImportances = zip(means, errors).map { ($0, $1) }
      }
    }
    return model
  }

  /// The curves of the second of two classes, or of each of more against the rest.
  private static func curves(
    _ predictions: TestPredictions, classNames: [String]
  ) -> [ClassCurves] {
    let labels = classNames.count == 2 ? 1..<2 : 0..<classNames.count
    return labels.map { label in
      let question = ClassAgainstRest(
        of: label, actual: predictions.actual, probabilities: predictions.probabilities)
      let roc = ROCCurve(question)
      let curve = PrecisionRecallCurve(question)
      return ClassCurves(
        className: classNames[label],
        roc: Polyline.points(x: roc.falsePositiveRates, y: roc.truePositiveRates), area: roc.area,
        // From recall 0 on, as the ROC curve runs.
        precisionRecall: Polyline.points(x: curve.recalls, y: curve.precisions).reversed(),
        averagePrecision: curve.averagePrecision, prevalence: question.prevalence)
    }
  }

  private static func provenance(of run: FinishedRun) -> Provenance {
    let document = run.document
    var facts: [(String, String)] = [
      ("Run folder", run.name), ("Seed", "\(document.seed)"), ("Table", document.data.file),
      ("SHA-256 of the table", document.data.sha256),
      ("Rows", "\(document.data.rows)"),
    ]
    for (name, version) in document.versions.sorted(by: { $0.key < $1.key }) {
      facts.append(("Version of \(name)", version))
    }
    return Provenance(
      command: run.reportData.map { ShellCommand.text($0.command) }, facts: facts)
  }
}

extension DataContent {
  fileprivate init(_ summary: DataSummary) {
    self.init(
      trainingCounts: summary.trainingCounts, testCounts: summary.testCounts,
      features: summary.features.map { feature in
        Feature(
          name: feature.name,
          bins: feature.categories.map { .categories($0) } ?? .numbers(edges: feature.edges ?? []),
          counts: feature.counts)
      })
  }
}

extension CalibrationContent {
  /// Of the second of two classes; beyond two, of the predicted class.
  fileprivate init(_ predictions: TestPredictions) {
    let isBinary = predictions.probabilities.columnCount == 2
    let curve = CalibrationCurve(
      isBinary
        ? ClassAgainstRest(
          of: 1, actual: predictions.actual, probabilities: predictions.probabilities)
        : ClassAgainstRest(
          predicted: predictions.predicted, actual: predictions.actual,
          probabilities: predictions.probabilities))
    self.init(
      bins: curve.bins.map {
        Bin(meanProbability: $0.meanProbability, observedShare: $0.positiveShare, count: $0.count)
      }, expectedError: curve.expectedError, brierScore: curve.brierScore)
  }
}
