import Classifiers
import Datasets
import Evaluation
import LinearAlgebra
import ModelFiles

/// Fits and evaluates classifiers on the same rows.
struct ModelEvaluation: Sendable {
  let threads: Int
  /// On how many growing parts of the training rows each classifier is fitted besides; 0 for none.
  var learningCurveParts = 0
  /// Chooses a threshold for each model, by the costs as they were typed; `nil` where the most
  /// probable class is predicted.
  var thresholds: ThresholdSearch?
  var costs: [MistakeCost] = []

  /// Evaluates the candidates in order; each is recorded as soon as it is evaluated.
  ///
  /// - Parameters:
  ///   - progress: called with the number of finished and of all parts of a model that has many.
  ///   - mayStart: asked before each fit; where it says no, the candidate is skipped.
  func models(
    of candidates: [any Classifier], on data: PreparedData, recorder: any RunRecorder,
    progress: @escaping FitProgress = { _, _ in },
    mayStart: (any Classifier) throws -> Bool = { _ in true }
  ) throws -> [EvaluatedModel] {
    let preprocessing = SavedPreprocessing(data, threads: threads)
    return try candidates.compactMap { candidate in
      guard try mayStart(candidate) else { return nil }
      try recorder.willFit(candidate)
      let model = try evaluate(candidate, on: data.taken(by: candidate), preprocessing, progress)
      try recorder.record(model)
      return model
    }
  }

  private func evaluate(
    _ classifier: some Classifier, on data: PreparedData, _ preprocessing: SavedPreprocessing,
    _ progress: @escaping FitProgress
  ) throws -> EvaluatedModel {
    let clock = ContinuousClock()
    let start = clock.now
    let model = try naming(classifier) {
      try classifier.fit(data.training, threads: threads, progress: progress)
    }
    let fitted = clock.now
    let trainingShares = model.probabilities(for: data.training.features, threads: threads)
    let testShares = model.probabilities(for: data.test.features, threads: threads)
    let predicted = clock.now
    let threshold = try threshold(of: classifier, data, testShares)
    let trainingLabels = trainingShares.predictedLabels(threshold: threshold?.value)
    let testLabels = testShares.predictedLabels(threshold: threshold?.value)
    let classNames = data.test.classNames
    // The training rows are four times as many as the test rows, and these have the curves.
    let (training, test) = Parallelism.both(threads: threads) {
      data.training.report(trainingLabels, trainingShares, thresholds?.costs)
    } _: {
      (
        report: data.test.report(testLabels, testShares, thresholds?.costs),
        labelCurves: CurveSet(
          actual: data.test.labels, predicted: testLabels, classNames: classNames),
        probabilityCurves: CurveSet(
          actual: data.test.labels, scores: testShares, classNames: classNames)
      )
    }
    return EvaluatedModel(
      algorithm: type(of: classifier).algorithm, hyperparameters: classifier.hyperparameters,
      model: model, data: data, preprocessing: preprocessing,
      fitSeconds: (fitted - start).seconds,
      predictSeconds: (predicted - fitted).seconds,
      training: training, validation: test.report, labelCurves: test.labelCurves,
      probabilityCurves: test.probabilityCurves,
      trainingPredicted: trainingLabels, predicted: testLabels, probabilities: testShares,
      outOfBagScore: model.outOfBagScore, threshold: threshold,
      learningCurve: try LearningCurvePoint.curve(
        of: classifier, on: data, parts: learningCurveParts, threshold: threshold?.value,
        costs: thresholds?.costs, threads: threads))
  }

  /// The threshold by which mistakes cost least on folds of the training rows, where they have costs.
  private func threshold(
    of classifier: some Classifier, _ data: PreparedData, _ testShares: Matrix
  ) throws -> CostThreshold? {
    guard let thresholds else { return nil }
    let curve = try naming(classifier) { try thresholds.curve(of: classifier, threads: threads) }
    let matrix = ConfusionMatrix(
      actual: data.test.labels, predicted: testShares.rowArgMax(), classCount: data.test.classCount)
    return CostThreshold(
      curve, rowCount: data.training.sampleCount, costs: costs.map(\.text),
      positiveClass: data.test.classNames[1], costAtHalf: thresholds.costs.mean(of: matrix) ?? 0)
  }

  /// Fits; an error names the classifier.
  private func naming<Candidate: Classifier, Value>(
    _ classifier: Candidate, _ body: () throws -> Value
  ) throws -> Value {
    let name = Candidate.algorithm.rawValue
    do {
      return try body()
    } catch let error as FitError {
      throw FitError("\(name): \(error.description)")
    } catch let error as ParameterError {
      throw ParameterError("\(name): \(error.parameter)", mustBe: error.rule, was: error.value)
    }
  }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
