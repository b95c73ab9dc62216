public import Datasets
public import LinearAlgebra
// Whoever uses classifiers sets their hyper-parameters.
@_exported public import ModelFiles

/// A learning algorithm together with its hyper-parameters.
public protocol Classifier: HyperparameterSet {
  associatedtype Model: ClassificationModel
  /// Learns from data that was already checked. Call ``fit(_:threads:progress:)`` instead.
  func learn(from dataset: Dataset, threads: Int) throws -> Model
  /// Learns like ``learn(from:threads:)``, and says how far it is; for what is made of many parts.
  func learn(from dataset: Dataset, threads: Int, progress: @escaping FitProgress) throws -> Model
  /// The model of a file, whose numbers were checked when it was read: to the last bit its probabilities are
  /// those of the model that was saved.
  func model(of tensors: Tensors, _ description: ModelDescription) -> any ClassificationModel
  /// About how many seconds one core takes to fit and to predict the test rows; see ``DataSize``.
  func estimatedSeconds(for size: DataSize) -> Double
}

/// Told how many of how many parts of a model are there, by any thread.
public typealias FitProgress = @Sendable (_ finished: Int, _ total: Int) -> Void

extension Classifier {
  /// Checks hyper-parameters and data, then learns.
  ///
  /// - Parameters:
  ///   - threads: how many threads may work; it never changes the result.
  ///   - progress: told how far the model is, where it is made of many parts.
  /// - Throws: ``ParameterError`` or ``FitError``.
  public func fit(
    _ dataset: Dataset, threads: Int = Parallelism.availableThreads,
    progress: @escaping FitProgress = { _, _ in }
  ) throws -> Model {
    try validate()
    try dataset.checkForLearning()
    return try learn(from: dataset, threads: max(1, threads), progress: progress)
  }

  public func learn(
    from dataset: Dataset, threads: Int, progress: @escaping FitProgress
  ) throws -> Model {
    try learn(from: dataset, threads: threads)
  }
}

/// What fitting returns: it can predict.
public protocol ClassificationModel: Sendable {
  var featureCount: Int { get }
  var classCount: Int { get }
  /// The probability of each class for each sample: one row per sample, one column per class, every
  /// row sums to one.
  ///
  /// - Precondition: `features` has `featureCount` columns.
  func probabilities(for features: Matrix, threads: Int) -> Matrix
  /// The probability of each class for one sample, on the calling thread: to the last bit what
  /// ``probabilities(for:threads:)`` gives for it.
  ///
  /// - Precondition: `sample` has `featureCount` numbers.
  func probabilities(of sample: [Double]) -> [Double]
  /// The model's numbers, as its file has them.
  var tensors: any ModelTensors { get }
  /// Each feature's share in the decrease of impurity, where the model is one of trees.
  var impurityImportances: [Double]? { get }
  /// The accuracy on rows that a part of the model did not learn from, where it was asked for.
  var outOfBagScore: Double? { get }
  /// Makes what many batches of some hundred rows would profit from; it changes no probability.
  func prepareForBatches(threads: Int)
}

extension ClassificationModel {
  public func prepareForBatches(threads: Int) {}
  public var impurityImportances: [Double]? { nil }
  public var outOfBagScore: Double? { nil }

  public func probabilities(of sample: [Double]) -> [Double] {
    let features = Matrix(rowCount: 1, columnCount: sample.count, elements: sample)
    return probabilities(for: features, threads: 1).elements
  }

  public func probabilities(for features: Matrix) -> Matrix {
    probabilities(for: features, threads: Parallelism.availableThreads)
  }

  /// The most probable class of each sample; ties go to the lower class index.
  public func predictions(for features: Matrix) -> [Int] {
    probabilities(for: features).rowArgMax()
  }
}

extension Matrix {
  /// The column of each row's largest element; ties go to the lower column.
  public func rowArgMax() -> [Int] {
    elements.withUnsafeBufferPointer { elements in
      (0..<rowCount).map { row in
        let first = row * columnCount
        var best = first
        for candidate in first..<first + columnCount where elements[candidate] > elements[best] {
          best = candidate
        }
        return best - first
      }
    }
  }
}

extension Dataset {
  func checkForLearning() throws(FitError) {
    guard sampleCount > 0 else { throw FitError("there are no samples to learn from") }
    guard featureCount > 0 else { throw FitError("there are no features to learn from") }
    guard classCount > 0, labels.allSatisfy({ 0 <= $0 && $0 < classCount }) else {
      throw FitError("a label names none of the \(classCount) classes")
    }
    guard let odd = features.elements.firstIndex(where: { !$0.isFinite }) else { return }
    throw FitError(
      "sample \(odd / featureCount), feature \"\(featureNames[odd % featureCount])\": "
        + "expected a finite number, found \(features.elements[odd])")
  }
}
