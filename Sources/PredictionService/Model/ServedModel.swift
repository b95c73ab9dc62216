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

    public init(place: String, version: String) {
      self.place = place
      self.version = version
    }
  }

  public let pipeline: SavedPipeline
  public let origin: Origin
  /// When it was loaded.
  let since: Timestamp
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
    fields = pipeline.columns.map(FeatureField.init)
    features = FeatureTable(
      pipeline.columns, fields, unknownCategory: pipeline.unknownCategory)
    driftCounters = DriftCounters(pipeline)
    shortJSON = ModelJSON.short(pipeline, origin)
    pages = ModelPages(pipeline, origin, fields)
    // It takes some tens of milliseconds, during which batches are predicted more slowly.
    DispatchQueue.global(qos: .utility).async {
      pipeline.saved.model.prepareForBatches(threads: 1)
    }
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
    let labels = shares.rowArgMax()
    for (row, label) in labels.enumerated() {
      driftCounters.count(values[row * width..<(row + 1) * width], predictedClass: label)
    }
    return Predictions(labels: labels, shares: shares)
  }
}
