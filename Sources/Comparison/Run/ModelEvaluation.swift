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
    let model = try fit(classifier, to: data.training, progress)
    let fitted = clock.now
    let trainingShares = model.probabilities(for: data.training.features, threads: threads)
    let testShares = model.probabilities(for: data.test.features, threads: threads)
    let trainingLabels = trainingShares.rowArgMax()
    let testLabels = testShares.rowArgMax()
    let predicted = clock.now
    let classNames = data.test.classNames
    // The training rows are four times as many as the test rows, and these have the curves.
    let (training, test) = Parallelism.both(threads: threads) {
      data.training.report(trainingLabels, trainingShares)
    } _: {
      (
        report: data.test.report(testLabels, testShares),
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
      outOfBagScore: model.outOfBagScore,
      learningCurve: try LearningCurvePoint.curve(
        of: classifier, on: data, parts: learningCurveParts, threads: threads))
  }

  /// Fits; an error names the classifier.
  private func fit<Candidate: Classifier>(
    _ classifier: Candidate, to training: Dataset, _ progress: @escaping FitProgress
  ) throws -> Candidate.Model {
    let name = Candidate.algorithm.rawValue
    do {
      return try classifier.fit(training, threads: threads, progress: progress)
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
