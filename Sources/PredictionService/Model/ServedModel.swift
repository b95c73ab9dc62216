import Classifiers
import Datasets
import Dispatch
import LinearAlgebra
import NIOCore
public import SavedModels
import Support

/// A model that answers requests, with all that is made once and for all when it is taken over.
///
/// The object never changes but for its counts, so a request that holds one is answered by one set of
/// model and preprocessing, whatever is taken over meanwhile.
public final class ServedModel: Sendable {
  /// Where a model is from.
  public struct Origin: Hashable, Sendable {
    /// In words: a folder, or a workspace of the registry.
    public let place: String
    public let version: String

    public init(place: String, version: String) {
      self.place = place
      self.version = version
    }
  }

  public let pipeline: SavedPipeline
  public let origin: Origin
  /// When it was taken over.
  let since: Timestamp
  let fields: [FeatureField]
  let features: FeatureTable
  let pages: ModelPages
  let driftCounters: DriftCounters
  /// The model as each prediction of the API names it.
  let shortJSON: [UInt8]

  public init(_ pipeline: SavedPipeline, origin: Origin) {
    self.pipeline = pipeline
    self.origin = origin
    since = .now
    fields = pipeline.columns.map(FeatureField.init)
    features = FeatureTable(pipeline.columns, fields)
    driftCounters = DriftCounters(pipeline)
    shortJSON = ModelJSON.short(pipeline, origin)
    pages = ModelPages(pipeline, origin, fields)
    // Until that is done, which takes some tens of milliseconds, batches are predicted all the same.
    DispatchQueue.global(qos: .utility).async {
      pipeline.saved.model.prepareForBatches(threads: 1)
    }
  }

  public var name: String { pipeline.description.algorithm.rawValue }
  var classNames: [String] { pipeline.classNames }

  /// The prediction for a row, which is counted.
  func predict(_ values: [Double]) -> SavedPipeline.Prediction {
    let prediction = pipeline.prediction(for: values)
    driftCounters.count(values[...], predictedClass: prediction.classIndex)
    return prediction
  }

  /// Predictions for rows, in their order.
  struct Predictions {
    let labels: [Int]
    /// The probability of each class: a row for each row.
    let shares: Matrix
  }

  /// The predictions for rows, which are counted: to the last bit those of each row alone.
  ///
  /// - Parameter values: the rows' values, row after row.
  func predict(rows values: [Double]) -> Predictions {
    let width = features.count
    // One row has a faster way of its own.
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
