import Classifiers
import Comparison
import Evaluation
import LinearAlgebra
import Support

extension ReportContent {
  /// What a run's report says.
  ///
  /// - Parameters:
  ///   - sortBy: the metric to rank by; without it, the one that the run was asked for.
  ///   - links: the pages of the models' experiments, by the models' names.
  ///   - threads: how many threads may work; it never changes the result.
  init(
    of run: FinishedRun, sortBy: Metric?, links: [String: String],
    threads: Int = Parallelism.availableThreads
  ) {
    let document = run.document
    let ranking = sortBy ?? document.reportData?.sortBy ?? document.usualMetric
    let metrics = document.metrics
    let places = document.ranking(by: ranking)
    let findings = Findings(document, by: ranking)
    self.init(
      title: Self.title(of: document),
      answer: Answer(
        sentence: findings.answer,
        remarks: Self.severeRemarks(document.dataFindings ?? []) + findings.details),
      ranking: ranking,
      classNames: document.data.classes, featureNames: document.data.features, metrics: metrics,
      models: Parallelism.map(places.count, threads: threads) { index, _ in
        var model = ModelContent(
          at: places[index], of: run, metrics, ranking, style: SeriesStyle(index))
        model.experimentLink = links[model.name]
        return model
      },
      baseline: document.baseline.map { baseline in
        (
          "Always \(baseline.className)",
          metrics.map { MetricValue(baseline.validation.values[$0]) }
        )
      }, testRowCount: document.testRowCount, statistics: document.statistics,
      folds: document.crossValidation, divisions: document.repeatedSplits,
      data: document.reportData?.data,
      droppedRowCount: document.data.droppedRows ?? 0,
      incompleteRowCount: document.data.incompleteRows ?? 0, findings: document.dataFindings ?? [],
      division: document.data.division?.sentences ?? [],
      command: document.reportData.map { ShellCommand.text($0.command) },
      facts: [
        ("Run folder", run.name), ("Seed", "\(document.seed)"), ("Table", document.data.file),
        ("SHA-256 of the table", document.data.sha256), ("Rows", "\(document.data.rows)"),
      ]
        + document.versions.sorted { $0.key < $1.key }.map { ("Version of \($0.key)", $0.value) })
  }

  /// What may make all scores wrong stands beside the answer.
  private static func severeRemarks(_ findings: [DataFinding]) -> [String] {
    findings.filter { $0.severity == .severe }.map {
      "Doubtful: \($0.found) (see the findings about the data)."
    }
  }

  private static func title(of document: ComparisonDocument) -> String {
    let names = document.data.classes
    let count = document.models.count
    let models =
      (count == 1 ? "one classifier" : "\(count) classifiers") + " on " + document.data.file
    return names.count == 2
      ? "\(names[0]) or \(names[1])? " + models.capitalizedFirst
      : "\(names.count) classes, " + models
  }
}

extension ComparisonDocument {
  /// How many rows the models are judged on.
  var testRowCount: Int { models[0].validate.confusionMatrix.total }
}

extension ModelContent {
  /// - Parameters:
  ///   - index: which of the run's models it is.
  ///   - ranking: the metric of the learning curve.
  fileprivate init(
    at index: Int, of run: FinishedRun, _ metrics: [Metric], _ ranking: Metric, style: SeriesStyle
  ) {
    let part = run.document.models[index]
    let intervals = run.document.statistics?.intervals(of: part.name)
    self.init(
      name: part.name, style: style,
      values: metrics.map { MetricValue(part.validate.values[$0], intervals?[$0]) },
      fitSeconds: part.fitSeconds, predictSeconds: part.predictSeconds,
      hyperparameters: part.hyperparameters.sorted { $0.key < $1.key }
        .map { ($0.key, $0.value.description) },
      confusion: part.validate.confusionMatrix.counts)
    if let predictions = run.predictions[index] {
      add(predictions, classNames: run.document.data.classes)
    }
    threshold = part.threshold
    learningCurve = (run.learningCurves[index] ?? []).compactMap { point in
      point.validation?[ranking].map { (point.rowCount, $0) }
    }
    learningCurveNotice = run.learningCurves[index]?.notice
    lossCurve = run.lossCurves[index]
    let importances = run.document.reportData?.importances.models.first { $0.name == part.name }
    impurityImportances = importances?.impurity
    coefficients = importances?.coefficients ?? []
    notice = importances?.notice
    if let means = importances?.permutationMeans, let errors = importances?.permutationErrors {
      permutationImportances = zip(means, errors).map { ($0, $1) }
      if let repeats = importances?.permutationRepeats, let rows = importances?.permutationRows {
        permutation = (repeats, rows)
      }
    }
  }

  /// Takes the curves that predictions make.
  mutating func add(_ predictions: TestPredictions, classNames: [String]) {
    let (actual, probabilities) = (predictions.actual, predictions.probabilities)
    curves = ClassCurves.curves(predictions, classNames: classNames)
    let question =
      probabilities.columnCount == 2
      ? ClassAgainstRest(of: 1, actual: actual, probabilities: probabilities)
      : ClassAgainstRest(
        predicted: predictions.predicted, actual: actual, probabilities: probabilities)
    calibration = CalibrationCurve(
      isPositive: question.isPositive, probabilities: question.scores)
    brierScore = BrierScore.of(actual: actual, probabilities: probabilities)
  }
}

extension ClassCurves {
  /// The curves of the second of two classes, or of each of more against the rest.
  fileprivate static func curves(
    _ predictions: TestPredictions, classNames: [String]
  ) -> [ClassCurves] {
    let labels = classNames.count == 2 ? 1..<2 : 0..<classNames.count
    return labels.map { label in
      let question = ClassAgainstRest(
        of: label, actual: predictions.actual, probabilities: predictions.probabilities)
      let roc = ROCCurve(isPositive: question.isPositive, scores: question.scores)
      let curve = PrecisionRecallCurve(
        isPositive: question.isPositive, scores: question.scores)
      return ClassCurves(
        className: classNames[label],
        roc: zip(roc.falsePositiveRates, roc.truePositiveRates).map { Point($0, $1) },
        area: roc.area,
        // From recall 0 on, as the ROC curve runs.
        precisionRecall: zip(curve.recalls, curve.precisions).reversed().map { Point($0, $1) },
        averagePrecision: curve.averagePrecision, prevalence: question.prevalence)
    }
  }
}
