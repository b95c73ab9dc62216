import Classifiers
import Datasets
import Dispatch
import LinearAlgebra
import NIOCore
public import SavedModels
import Support

/// A model that answers requests, with everything that is prepared once, when it is loaded.
///
/// Nothing but its counters changes, so a request that holds one is answered by one set of model and
/// preprocessing, even if another model is loaded meanwhile.
public final class ServedModel: Sendable {
  /// Where a model is from.
  public struct Origin: Hashable, Sendable {
    /// A folder, or a workspace of the registry.
    public let place: String
    public let version: String
    /// What the model is called; `nil` for `diamonds`, where the columns are theirs, else the prefix or the target.
    public let name: String?
    /// What the names of its parts in the registry begin with.
    public let prefix: String?

    public init(place: String, version: String, name: String? = nil, prefix: String? = nil) {
      self.place = place
      self.version = version
      self.name = name
      self.prefix = prefix
    }
  }

  public let pipeline: SavedPipeline
  public let origin: Origin
  /// When it was loaded.
  let since: Timestamp
  /// The model's name in the Open Inference Protocol.
  let servedName: String
  let fields: [FeatureField]
  let features: FeatureTable
  let pages: ModelPages
  let driftCounters: DriftCounters
  /// Name and version of the model, as in each prediction of the API.
  let shortJSON: [UInt8]

  public init(_ pipeline: SavedPipeline, origin: Origin) {
    self.pipeline = pipeline
    self.origin = origin
    since = .now
    fields = FeatureField.all(pipeline.columns)
    servedName = origin.name ?? Self.standardName(pipeline, origin)
    features = FeatureTable(
      pipeline.columns, fields, unknownCategory: pipeline.unknownCategory)
    driftCounters = DriftCounters(pipeline)
    shortJSON = ModelJSON.short(pipeline, origin)
    pages = ModelPages(pipeline, origin, fields, name: servedName)
    // It takes some tens of milliseconds, during which batches are predicted more slowly.
    DispatchQueue.global(qos: .utility).async {
      pipeline.saved.model.prepareForBatches(threads: 1)
    }
  }

  private static func standardName(_ pipeline: SavedPipeline, _ origin: Origin) -> String {
    guard !DiamondTerms.describe(pipeline.columns) else { return "diamonds" }
    let name = (origin.prefix ?? pipeline.preprocessing.target).filter(isNameCharacter)
    return name.isEmpty ? "model" : name
  }

  /// Whether a model's name may have the character: it is a part of addresses.
  public static func isNameCharacter(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
  }

  public var name: String { pipeline.description.algorithm.rawValue }
  var classNames: [String] { pipeline.classNames }

  /// The prediction for a row; counts it for drift.
  func predict(_ values: [Double]) -> SavedPipeline.Prediction {
    let prediction = pipeline.prediction(for: values)
    driftCounters.count(values[...], predictedClass: prediction.classIndex)
    return prediction
  }

  /// Predictions for rows, in their order.
  struct Predictions {
    let labels: [Int]
    /// The probability of each class: a row per predicted row, a column per class.
    let shares: Matrix
  }

  /// The predictions for rows, equal to the last bit to those of each row alone; counts them for drift.
  ///
  /// - Parameter values: the rows' values, row after row.
  func predict(rows values: [Double]) -> Predictions {
    let width = features.count
    // There is a faster way for one row.
    if values.count == width {
      let prediction = predict(values)
      return Predictions(
        labels: [prediction.classIndex],
        shares: Matrix(
          rowCount: 1, columnCount: classNames.count, elements: prediction.probabilities))
    }
    let rows = Matrix(rowCount: values.count / width, columnCount: width, elements: values)
    let shares = pipeline.probabilities(for: rows, threads: 1)
    let labels = pipeline.labels(of: shares)
    for (row, label) in labels.enumerated() {
      driftCounters.count(values[row * width..<(row + 1) * width], predictedClass: label)
    }
    return Predictions(labels: labels, shares: shares)
  }
}
