public import Datasets
import LinearAlgebra

/// A classifier whose log-odds are linear in the features.
///
///     let model = try LogisticRegression().fit(training)
///     model.coefficients   // with their standard errors
///
/// It ends at the optimum of scikit-learn's objective, which that library's solvers approach to their tolerance: found
/// by Newton's method, or by L-BFGS where a Hessian would be too large. With more than two classes there is a row of
/// coefficients for each (softmax). Classes without a sample are never predicted.
///
/// - Complexity: O(*n·v²*) for each of some ten steps, with *n* samples and *v* variables: features and an intercept,
///   times the classes where there are more than two.
extension LogisticRegression: Classifier {
  public func learn(from dataset: Dataset, threads: Int) throws -> LogisticRegressionModel {
    let counts = dataset.classSampleCounts
    let weights = try classWeight.resolved(classCounts: counts)
    let present = counts.indices.filter { counts[$0] > 0 }
    let isPresent = counts.map { $0 > 0 }
    guard present.count > 1 else {
      return LogisticRegressionModel(
        LogisticRegressionTensors(
          featureCount: dataset.featureCount, isPresent: isPresent,
          coefficients: [Double](repeating: 0, count: dataset.featureCount), intercepts: [0]),
        hasIntercepts: fitsIntercept)
    }
    var places = [Int32](repeating: 0, count: counts.count)
    for (place, label) in present.enumerated() { places[label] = Int32(place) }
    let objective = LogisticObjective(
      dataset.features, labels: dataset.labels.map { places[$0] },
      weights: present.map { weights?[$0] ?? 1 },
      penaltyStrength: penalty == nil ? 0 : 1 / inversePenalty, hasIntercepts: fitsIntercept,
      threads: threads)
    return LogisticRegressionModel(fit(objective), of: objective, isPresent: isPresent)
  }

  private func fit(_ objective: LogisticObjective) -> LogisticFit {
    guard objective.variableCount <= NewtonSolver.variableLimit else {
      return LBFGSSolver(
        objective: objective, maximumIterations: 100 * maximumIterations, tolerance: tolerance
      ).fit()
    }
    return NewtonSolver(
      objective: objective, maximumIterations: maximumIterations, tolerance: tolerance
    ).fit()
  }

  public func model(
    of tensors: LogisticRegressionTensors, _ description: ModelDescription
  ) -> any ClassificationModel {
    LogisticRegressionModel(tensors, hasIntercepts: fitsIntercept)
  }

  public func fittingSeconds(for size: DataSize) -> Double {
    let rows = size.classes > 2 ? size.classes : 1
    let variables = rows * (size.features + 1)
    let perStep =
      variables <= Double(NewtonSolver.variableLimit)
      ? rows * 2e-8 + variables * (2e-9 + variables * 1e-10) : rows * 2e-8 + variables * 1e-9
    let steps = variables <= Double(NewtonSolver.variableLimit) ? 10.0 : 500
    return steps * size.trainingRows * perStep
  }

  public func predictingSeconds(for size: DataSize) -> Double {
    size.testRows * (size.classes > 2 ? size.classes : 1) * (2e-8 + size.features * 1e-9)
  }
}
