public import Logging
import ModelFiles
import Support

/// What all requests share: the model, what is counted, and whether the service is about to end.
public final class ServiceState: Sendable {
  /// The most rows of one request.
  public static let rowLimit = 10_000
  /// The largest body of a request, in bytes: below two megabytes, and enough for that many rows.
  public static let bodyLimit = 1_800_000
  /// The longest path with its query, in bytes.
  static let targetLimit = 8192
  static let programVersion = ProgramVersion.current

  public let models: ModelHolder
  public let refreshes: RefreshMetrics
  public let logger: Logger
  let metrics: RequestMetrics
  private let stopping = Atomic(false)

  public init(models: ModelHolder, refreshes: RefreshMetrics = RefreshMetrics(), logger: Logger) {
    self.models = models
    self.refreshes = refreshes
    self.logger = logger
    metrics = RequestMetrics(routes: ServiceRouter.routes.map(\.name))
  }

  /// Whether the service is about to end: it is not ready any more, but answers.
  public var isStopping: Bool { stopping.load(ordering: .relaxed) }
  public func stop() { stopping.store(true, ordering: .relaxed) }

  /// How many requests for predictions were answered, refused ones among them.
  public var predictionRequestCount: Int {
    metrics.count(ofRoutes: ["/predict", "/api/predict", InferenceRoutes.path + "/infer"])
  }

  /// The model that is served.
  ///
  /// - Throws: ``Problem`` while there is none.
  func model() throws(Problem) -> ServedModel {
    guard let model = models.current else {
      throw Problem(
        .serviceUnavailable, "no model is loaded yet", headers: [.retryAfter: "5"])
    }
    return model
  }
}
