import Classifiers
import Evaluation

@testable import Comparison
@testable import Report

/// A report with every part, made of small numbers.
func sampleReport(
  classNames: [String] = ["no", "yes"], featureNames: [String] = ["size", "kind"],
  modelNames: [String] = ["First", "Second"]
) -> ReportContent {
  let classCount = classNames.count
  let models = modelNames.enumerated().map { index, name in
    ModelContent(
      name: name, style: SeriesStyle(index),
      values: [
        MetricValue(0.9 - Double(index) / 10, interval: 0.7...0.95),
        MetricValue(index == 1 ? nil : 0.3),
      ], fitSeconds: 0.5, predictSeconds: 0.02, hyperparameters: [("depth", "none")],
      confusion: (0..<classCount).map { row in
        (0..<classCount).map { $0 == row ? 8 : $0 == row + 1 ? 2 : 0 }
      },
      curves: (classCount == 2 ? [1] : Array(0..<classCount)).map { label in
        ClassCurves(
          className: classNames[label], roc: [Point(0, 0), Point(0.2, 0.8), Point(1, 1)], area: 0.8,
          precisionRecall: [Point(0, 1), Point(0.8, 0.7), Point(1, 0.4)], averagePrecision: 0.75,
          prevalence: 0.4)
      },
      calibration: CalibrationCurve(
        isPositive: [false, true, true, true], probabilities: [0.1, 0.1, 0.8, 0.8]),
      learningCurve: [(10, 0.6), (20, 0.7), (40, 0.8)],
      lossCurve: LossCurve(
        training: [0.7, 0.4, 0.3], heldOut: index == 0 ? [0.7, 0.5, 0.45] : nil),
      impurityImportances: index == 0 ? featureNames.map { _ in 0.5 } : nil,
      permutationImportances: featureNames.map { _ in (0.1, 0.02) },
      permutation: index == 0 ? (repeats: 5, rows: 20) : (repeats: 1, rows: 8))
  }
  return ReportContent(
    title: "\(classNames[0])?", answer: Answer(sentence: "First is best.", remarks: ["Surely."]),
    ranking: .accuracy, classNames: classNames, featureNames: featureNames,
    metrics: [.accuracy, .logLoss], models: models,
    baseline: ("Always no", [MetricValue(0.6), MetricValue(nil)]), testRowCount: 20,
    statistics: SplitStatistics(
      confidence: 0.95, draws: 100, seed: 42, models: [], baseline: [],
      pairs: modelNames.count < 2
        ? []
        : [
          PairTests(
            first: modelNames[0], second: modelNames[1],
            mcNemar: McNemarTest(firstOnly: 5, secondOnly: 1), mcNemarHolm: 0.02, deLong: nil,
            deLongHolm: nil)
        ]), folds: sampleFolds(modelNames), divisions: sampleDivisions(modelNames),
    data: DataSummary(
      trainingCounts: classNames.map { _ in 30 }, testCounts: classNames.map { _ in 10 },
      features: featureNames.enumerated().map { index, name in
        DataSummary.Feature(
          name: name, edges: index % 2 == 0 ? [0, 1, 2, 3] : nil,
          categories: index % 2 == 0 ? nil : ["a", "b", "c"],
          counts: classNames.map { _ in [10, 20, 10] })
      }), command: "compare-models --seed 7",
    facts: [("Seed", "7")])
}

private func sampleFolds(_ modelNames: [String]) -> CrossValidationResult {
  CrossValidationResult(
    folds: FoldPlan(count: 5, seed: 42),
    models: modelNames.enumerated().map { index, name in
      ModelFolds(
        name: name,
        folds: [0.8, 0.9, 0.85, 0.87, 0.83].enumerated().map { fold, accuracy in
          var scores = MetricValues<Double>()
          scores[.accuracy] = accuracy - Double(index * fold) / 50
          return DivisionScores(
            division: .fold(repetition: 1, number: fold + 1), trainingRows: 40, testRows: 20,
            fitSeconds: 1,
            predictSeconds: 1, scores: scores, confusionMatrix: ConfusionMatrix(counts: []))
        })
    })
}

/// More divisions than fit side by side in a row of marks.
private func sampleDivisions(_ modelNames: [String]) -> RepeatedSplitsResult {
  RepeatedSplitsResult(
    count: 40, seed: 42,
    scores: modelNames.enumerated().map { index, name in
      (
        name,
        (0..<40).map { number in
          var scores = MetricValues<Double>()
          scores[.accuracy] = 0.9 - Double((index + 1) * number % 7) / 100
          return DivisionScores(
            division: .split(seed: 42 + UInt32(number)), trainingRows: 80, testRows: 20,
            fitSeconds: 1, predictSeconds: 1, scores: scores,
            confusionMatrix: ConfusionMatrix(counts: []))
        }
      )
    })
}
