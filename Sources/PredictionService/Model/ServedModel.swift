import Datasets
import NIOCore
public import SavedModels

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
  let pages: ModelPages
  let served: ServedCounts
  /// The model as each prediction of the API names it.
  let shortJSON: [UInt8]

  public init(_ pipeline: SavedPipeline, origin: Origin) {
    self.pipeline = pipeline
    self.origin = origin
    since = .now
    fields = pipeline.columns.map(FeatureField.init)
    served = ServedCounts(pipeline)
    shortJSON = ModelJSON.short(pipeline, origin)
    pages = ModelPages(pipeline, origin, fields)
  }

  public var name: String { pipeline.description.algorithm.rawValue }
  var classNames: [String] { pipeline.classNames }
  var reader: RowReader { RowReader(pipeline.columns, fields) }

  /// The prediction for a row, which is counted.
  func predict(_ values: [Double]) -> SavedPipeline.Prediction {
    let prediction = pipeline.prediction(for: values)
    served.count(values, predictedClass: prediction.classIndex)
    return prediction
  }
}
