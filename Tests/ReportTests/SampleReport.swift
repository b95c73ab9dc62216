@testable import Report

/// A report with every part, made of small numbers.
func sampleReport(
  classNames: [String] = ["no", "yes"], featureNames: [String] = ["size", "kind"],
  modelNames: [String] = ["First", "Second"]
) -> ReportContent {
  let classCount = classNames.count
  let metrics = [
    MetricColumn(
      key: "accuracy", title: "Accuracy", explanation: "The share that is right.",
      higherIsBetter: true),
    MetricColumn(
      key: "log_loss", title: "Log loss", explanation: "Smaller is better.", higherIsBetter: false),
  ]
  let models = modelNames.enumerated().map { index, name in
    var model = ModelContent(
      name: name,
      values: [
        MetricValue(0.9 - Double(index) / 10, interval: 0.7...0.95),
        MetricValue(index == 1 ? nil : 0.3),
      ], fitSeconds: 0.5, predictSeconds: 0.02)
    model.confusion = (0..<classCount).map { row in
      (0..<classCount).map { $0 == row ? 8 : $0 == row + 1 ? 2 : 0 }
    }
    model.curves = (classCount == 2 ? [1] : Array(0..<classCount)).map { label in
      ClassCurves(
        className: classNames[label], roc: [Point(0, 0), Point(0.2, 0.8), Point(1, 1)], area: 0.8,
        precisionRecall: [Point(0, 1), Point(0.8, 0.7), Point(1, 0.4)], averagePrecision: 0.75,
        prevalence: 0.4)
    }
    model.calibration = CalibrationContent(
      bins: [
        CalibrationContent.Bin(meanProbability: 0.1, observedShare: 0.2, count: 12),
        CalibrationContent.Bin(meanProbability: 0.8, observedShare: 0.7, count: 8),
      ], expectedError: 0.1, brierScore: 0.15)
    model.impurityImportances = index == 0 ? featureNames.map { _ in 0.5 } : nil
    model.permutationImportances = featureNames.map { _ in (0.1, 0.02) }
    model.hyperparameters = [("depth", "none")]
    return model
  }
  var content = ReportContent(
    title: "\(classNames[0])?", answer: Answer(sentence: "First is best.", remarks: ["Surely."]),
    classNames: classNames, featureNames: featureNames, metrics: metrics, models: models,
    testRowCount: 20,
    provenance: Provenance(command: "compare-models --seed 7", facts: [("Seed", "7")]))
  content.baseline = BaselineRow(
    name: "Always no", values: [MetricValue(0.6), MetricValue(nil)])
  content.pairTests = PairTestContent(
    tests: modelNames.count < 2
      ? []
      : [
        PairTestContent.Test(
          first: modelNames[0], second: modelNames[1], test: "McNemar",
          difference: MetricValue(0.1, interval: 0.02...0.18), pValue: 0.01, correctedPValue: 0.02)
      ], note: "By Holm.")
  content.folds = FoldContent(
    metric: "Accuracy",
    models: modelNames.map {
      FoldContent.Model(name: $0, scores: [0.8, 0.9, 0.85], mean: 0.85, deviation: 0.05)
    }, pairs: [], note: "Three folds.")
  content.learningCurve = LearningContent(
    metric: "Accuracy",
    models: modelNames.map {
      LearningContent.Model(
        name: $0, rowCounts: [10, 20, 40], means: [0.6, 0.7, 0.8], deviations: [0.1, 0.05, 0])
    })
  content.permutation = PermutationSettings(repeatCount: 1, rowCount: 20)
  content.data = DataContent(
    trainingCounts: classNames.map { _ in 30 }, testCounts: classNames.map { _ in 10 },
    features: featureNames.enumerated().map { index, name in
      DataContent.Feature(
        name: name,
        bins: index % 2 == 0 ? .numbers(edges: [0, 1, 2, 3]) : .categories(["a", "b", "c"]),
        counts: classNames.map { _ in [10, 20, 10] })
    })
  return content
}
