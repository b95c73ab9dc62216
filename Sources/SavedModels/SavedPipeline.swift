public import Classifiers
import JSON
public import LinearAlgebra
public import ModelFiles

/// A saved model with its preprocessing: all that prediction needs.
///
///     let pipeline = try SavedPipeline(folder: "models")
///     let row = try zip(pipeline.columns, cells).map { try $0.value(of: $1) }   // NaN for a missing number
///     let prediction = pipeline.prediction(for: row)
///     prediction.className, prediction.probabilities
///
/// The value is immutable, and copies share its memory, so any number of threads may use one.
public struct SavedPipeline: Sendable {
  public let preprocessing: SavedPreprocessing
  public let saved: SavedModel
  /// What is made of a category that training did not see.
  public var unknownCategory = UnknownCategory.error

  public var description: ModelDescription { saved.description }
  /// The columns of the features, in the order of a row's values.
  public var columns: [FeatureColumn] { preprocessing.columns }
  public var classNames: [String] { saved.description.classNames }

  /// One row's prediction.
  public struct Prediction: Hashable, Sendable {
    /// The class that ``SavedPipeline/labels(of:)`` gives.
    public let classIndex: Int
    public let className: String
    /// The probability of each class, in the order of the classes.
    public let probabilities: [Double]
  }

  /// Joins a model and its preprocessing, which must agree on features and classes.
  public init(_ saved: SavedModel, _ preprocessing: SavedPreprocessing) throws(ModelFileError) {
    try preprocessing.checkFits(saved.description)
    self.saved = saved
    self.preprocessing = preprocessing
  }

  /// The pipeline of a set of files.
  public init(_ files: ModelFileSet) {
    saved = SavedModel(files.model)
    preprocessing = files.preprocessing
  }

  /// Reads a folder with the files of a model: a model's folder of a run, or a downloaded one.
  ///
  /// - Throws: ``ModelFileError`` also where unknown categories of a column that is not one-hot are to be ignored.
  public init(
    folder: String, unknownCategory: UnknownCategory = .error
  ) throws(ModelFileError) {
    self.init(try ModelFileSet(folder: folder))
    if unknownCategory == .ignore,
      let column = columns.first(where: { $0.categories != nil && !$0.isOneHot })
    {
      throw ModelFileError(
        .badData, folder,
        "an unknown category can be ignored only where categories are encoded one-hot, and column "
          + "\(JSONReader.quoted(column.name)) is not; choose error or missing for unknown categories"
      )
    }
    self.unknownCategory = unknownCategory
  }

  /// The files' names and bytes.
  public func files() throws(ModelFileError) -> [(name: String, bytes: [UInt8])] {
    [(ModelFile.name, try saved.bytes())] + preprocessing.files
  }

  /// The probability of each class: a row per sample, a column per class.
  ///
  /// - Parameter values: a row per sample, with the values of ``FeatureColumn/value(of:)``.
  public func probabilities(
    for values: Matrix, threads: Int = Parallelism.availableThreads
  ) -> Matrix {
    saved.model.probabilities(
      for: preprocessing.scaled(values, keepsMissing: description.training.keepsMissing),
      threads: threads)
  }

  /// The predicted class of each row of probabilities: by the model's threshold where it has one,
  /// else the most probable; ties go to the lower index.
  public func labels(of probabilities: Matrix) -> [Int] {
    probabilities.predictedLabels(threshold: description.threshold?.value)
  }

  /// The prediction for one row, on the calling thread.
  ///
  /// - Parameter row: the values of ``FeatureColumn/value(of:)``, one for each column.
  public func prediction(for row: [Double]) -> Prediction {
    let shares = saved.model.probabilities(
      of: preprocessing.scaled(row, keepsMissing: description.training.keepsMissing))
    var label = 0
    if let threshold = description.threshold {
      label = shares[1] >= threshold.value ? 1 : 0
    } else {
      for other in shares.indices where shares[other] > shares[label] { label = other }
    }
    return Prediction(classIndex: label, className: classNames[label], probabilities: shares)
  }
}
