public import Datasets
public import LinearAlgebra
// Users of classifiers set their hyper-parameters.
@_exported public import ModelFiles
public import ONNX

/// A learning algorithm together with its hyper-parameters.
public protocol Classifier: HyperparameterSet {
  associatedtype Model: ClassificationModel
  /// Whether features may have missing values, which are NaN. The default is false: ``fit(_:threads:progress:)`` then
  /// refuses them.
  static var acceptsMissing: Bool { get }
  /// Learns from checked data. Call ``fit(_:threads:progress:)`` instead.
  func learn(from dataset: Dataset, threads: Int) throws -> Model
  /// Learns like ``learn(from:threads:)``, and reports progress; for models of many parts.
  func learn(from dataset: Dataset, threads: Int, progress: @escaping FitProgress) throws -> Model
  /// The model of a checked file, with the probabilities of the saved model to the last bit.
  func model(of tensors: Tensors, _ description: ModelDescription) -> any ClassificationModel
  /// Estimates of the seconds that one core takes to fit, and to predict the test rows; see ``DataSize``.
  func fittingSeconds(for size: DataSize) -> Double
  func predictingSeconds(for size: DataSize) -> Double
  /// The same for predicting the test rows with one of their features shuffled.
  func shufflingSeconds(for size: DataSize) -> Double
}

/// Called on any thread with the number of finished parts of a model, and of all parts.
public typealias FitProgress = @Sendable (_ finished: Int, _ total: Int) -> Void

extension Classifier {
  public static var acceptsMissing: Bool { false }

  public func shufflingSeconds(for size: DataSize) -> Double {
    predictingSeconds(for: size) + size.testRows * (20e-9 + size.features * 2e-9)
  }

  /// An estimate of the seconds that one core takes to fit and to predict the test rows.
  public func estimatedSeconds(for size: DataSize) -> Double {
    fittingSeconds(for: size) + predictingSeconds(for: size)
  }

  /// Checks hyper-parameters and data, then learns.
  ///
  /// - Parameters:
  ///   - threads: how many threads may work; it never changes the result.
  ///   - progress: called after each part, for models of many parts.
  /// - Throws: ``ParameterError`` or ``FitError``.
  public func fit(
    _ dataset: Dataset, threads: Int = Parallelism.availableThreads,
    progress: @escaping FitProgress = { _, _ in }
  ) throws -> Model {
    try validate()
    try dataset.checkForLearning(acceptsMissing: Self.acceptsMissing)
    return try learn(from: dataset, threads: max(1, threads), progress: progress)
  }

  public func learn(
    from dataset: Dataset, threads: Int, progress: @escaping FitProgress
  ) throws -> Model {
    try learn(from: dataset, threads: threads)
  }
}

/// A fitted model, which can predict.
public protocol ClassificationModel: Sendable {
  var featureCount: Int { get }
  var classCount: Int { get }
  /// The probability of each class for each sample: one row per sample, one column per class, every
  /// row sums to one.
  ///
  /// - Precondition: `features` has `featureCount` columns.
  func probabilities(for features: Matrix, threads: Int) -> Matrix
  /// The probability of each class for one sample, on the calling thread: equal to the last bit to
  /// ``probabilities(for:threads:)``.
  ///
  /// - Precondition: `sample` has `featureCount` numbers.
  func probabilities(of sample: [Double]) -> [Double]
  /// The model's numbers, as they are saved.
  var tensors: any ModelTensors { get }
  /// Each feature's share of the decrease of impurity; `nil` unless the model has trees.
  var impurityImportances: [Double]? { get }
  /// The out-of-bag accuracy; `nil` unless it was requested.
  var outOfBagScore: Double? { get }
  /// The coefficients, class by class and the intercept of each behind its features; `nil` unless the model is linear.
  var coefficients: [Coefficient]? { get }
  /// What users have to know of how the model was fitted; `nil` for nothing.
  var notice: String? { get }
  /// The loss by rounds; `nil` unless the model learnt in rounds, and of a saved model.
  var lossCurve: LossCurve? { get }
  /// Adds to a graph what predicts as ``probabilities(for:threads:)`` does.
  ///
  /// - Parameter features: doubles, encoded and scaled, a row per sample and a column per feature; NaN where one is missing.
  /// - Returns: doubles, a row per sample and a column per class.
  /// - Throws: ``ONNXError`` where the model has no graph, or one that is too large.
  func probabilities(
    of features: ONNXValue, in graph: inout ONNXGraph
  ) throws(ONNXError) -> ONNXValue
  /// Prepares for many batches of some hundred rows; changes no probability.
  func prepareForBatches(threads: Int)
  /// The labels of rows with shuffled values: those that their probabilities give, found by less work where the model
  /// knows a way.
  ///
  /// - Parameter threshold: as in ``Matrix/predictedLabels(threshold:)``.
  /// - Returns: a label for each feature, order and row.
  func labels(of shuffled: ShuffledRows, threshold: Double?, threads: Int) -> [Int32]
}

extension ClassificationModel {
  public func prepareForBatches(threads: Int) {}
  public var impurityImportances: [Double]? { nil }
  public var outOfBagScore: Double? { nil }
  public var coefficients: [Coefficient]? { nil }
  public var notice: String? { nil }
  public var lossCurve: LossCurve? { nil }

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
  /// The class of each row of probabilities: the most probable one, or, with a threshold, the second
  /// of two where its probability is at least that.
  public func predictedLabels(threshold: Double?) -> [Int] {
    precondition(threshold == nil || columnCount == 2, "a threshold decides between two classes")
    return elements.withUnsafeBufferPointer { elements in
      guard let first = elements.baseAddress else { return [Int](repeating: 0, count: rowCount) }
      return (0..<rowCount).map { row in
        Self.label(first + row * columnCount, columnCount, threshold: threshold)
      }
    }
  }

  /// The column of each row's largest element; ties go to the lower column.
  public func rowArgMax() -> [Int] { predictedLabels(threshold: nil) }

  /// The class of one row of probabilities.
  @inline(__always)
  static func label(
    _ probabilities: UnsafePointer<Double>, _ classCount: Int, threshold: Double?
  ) -> Int {
    if let threshold { return probabilities[1] >= threshold ? 1 : 0 }
    var best = 0
    for label in 1..<max(1, classCount) where probabilities[label] > probabilities[best] {
      best = label
    }
    return best
  }
}

extension Dataset {
  /// How many samples each class has.
  var classSampleCounts: [Int] {
    var counts = [Int](repeating: 0, count: classCount)
    for label in labels { counts[label] += 1 }
    return counts
  }

  func checkForLearning(acceptsMissing: Bool) throws(FitError) {
    guard sampleCount > 0 else { throw FitError("there are no samples to learn from") }
    guard featureCount > 0 else { throw FitError("there are no features to learn from") }
    guard classCount > 0, labels.allSatisfy({ 0 <= $0 && $0 < classCount }) else {
      throw FitError("a label names none of the \(classCount) classes")
    }
    guard !features.isFinite,
      let odd = features.elements.firstIndex(where: {
        !$0.isFinite && !(acceptsMissing && $0.isNaN)
      })
    else { return }
    throw FitError(
      "sample \(odd / featureCount), feature \"\(featureNames[odd % featureCount])\": "
        + "expected a finite number, found \(features.elements[odd])")
  }
}

extension Matrix {
  /// Whether every element is a finite number.
  fileprivate var isFinite: Bool {
    elements.withUnsafeBufferPointer { elements in
      // 0 times a finite number is 0; nothing else is.
      var products = (SIMD8<Double>.zero, SIMD8<Double>.zero)
      var place = 0
      while let start = elements.baseAddress, place &+ 16 <= elements.count {
        let row = UnsafeRawPointer(start + place)
        products.0 += row.loadUnaligned(as: SIMD8<Double>.self) * 0
        products.1 += (row + 64).loadUnaligned(as: SIMD8<Double>.self) * 0
        place &+= 16
      }
      return (products.0 + products.1).sum() == 0
        && elements[place...].allSatisfy { $0.isFinite }
    }
  }
}
