public import Classifiers
import JSON
public import LinearAlgebra

/// A saved model with what prepares its rows: all that is needed to predict.
///
///     let pipeline = try SavedPipeline(folder: "models")
///     let row = try zip(pipeline.columns, cells).map { try $0.value(of: $1) }
///     let prediction = pipeline.predictions(for: [row])[0]
///     prediction.className, prediction.probabilities
///
/// The value is immutable, and copies share its memory, so any number of threads may use one.
public struct SavedPipeline: Sendable {
  public let preprocessing: SavedPreprocessing
  public let saved: SavedModel

  public var description: ModelDescription { saved.description }
  /// The features, in the order in which a row's values stand.
  public var columns: [FeatureColumn] { preprocessing.columns }
  public var classNames: [String] { saved.description.classNames }

  /// One row's prediction.
  public struct Prediction: Hashable, Sendable {
    /// The most probable class; ties go to the lower index.
    public let classIndex: Int
    public let className: String
    /// The probability of each class, in the order of the classes.
    public let probabilities: [Double]
  }

  /// Joins a model and its preprocessing, which must agree on features and classes.
  public init(_ saved: SavedModel, _ preprocessing: SavedPreprocessing) throws(ModelFileError) {
    func check(_ what: String, _ model: [String], _ files: [String], _ file: String)
      throws(ModelFileError)
    {
      guard
        model.elementsEqual(files, by: { $0.unicodeScalars.elementsEqual($1.unicodeScalars) })
      else {
        throw ModelFileError(
          .badData, file,
          "the \(what) are \(Self.listed(files)), those of \(SavedModel.fileName) "
            + "\(Self.listed(model)); the files do not belong together")
      }
    }
    try check(
      "columns", saved.description.featureNames, preprocessing.featureNames,
      SavedPreprocessing.scalerFileName)
    try check(
      "classes", saved.description.classNames, preprocessing.classNames,
      SavedPreprocessing.labelEncoderFileName)
    self.saved = saved
    self.preprocessing = preprocessing
  }

  /// Reads a folder with `model.safetensors`, `scaler.json`, `labelEncoder.json` and the encoders of the
  /// columns: a model's folder of a run, or one that was fetched.
  public init(folder: String) throws(ModelFileError) {
    let preprocessing = try SavedPreprocessing(folder: folder)
    try self.init(SavedModel(contentsOf: folder + "/" + SavedModel.fileName), preprocessing)
  }

  /// The files' names and bytes.
  public func files() throws(ModelFileError) -> [(name: String, bytes: [UInt8])] {
    [(SavedModel.fileName, try saved.bytes())] + preprocessing.files
  }

  /// The probability of each class: a row per sample, a column per class.
  ///
  /// - Parameter values: a row per sample, with the values that ``FeatureColumn/value(of:)`` gives.
  public func probabilities(
    for values: Matrix, threads: Int = Parallelism.availableThreads
  ) -> Matrix {
    saved.model.probabilities(for: preprocessing.scaled(values), threads: threads)
  }

  /// The predictions for a few rows, on the calling thread.
  ///
  /// - Parameter rows: each with the values that ``FeatureColumn/value(of:)`` gives.
  /// - Precondition: every row has a value for each column.
  public func predictions(for rows: [[Double]]) -> [Prediction] {
    let values = Matrix(
      rowCount: rows.count, columnCount: columns.count, elements: Array(rows.joined()))
    let shares = probabilities(for: values, threads: 1)
    return shares.rowArgMax().enumerated().map { row, label in
      Prediction(
        classIndex: label, className: classNames[label], probabilities: Array(shares.row(row)))
    }
  }

  /// The prediction for one row, on the calling thread.
  ///
  /// - Parameter row: the values that ``FeatureColumn/value(of:)`` gives, one for each column.
  public func prediction(for row: [Double]) -> Prediction {
    let shares = saved.model.probabilities(of: preprocessing.scaled(row))
    var best = 0
    for label in shares.indices where shares[label] > shares[best] { best = label }
    return Prediction(classIndex: best, className: classNames[best], probabilities: shares)
  }

  private static func listed(_ names: [String]) -> String {
    let shown = names.prefix(12).map(JSONReader.quoted).joined(separator: ", ")
    return names.count > 12 ? shown + ", …" : shown
  }
}
