public import Logging
import ModelFiles
import Support

/// What all requests share: the model, the counters, and whether the service is stopping.
public final class ServiceState: Sendable {
  /// The most rows of one request.
  public static let rowLimit = 10_000
  /// The largest body of a request, in bytes: below two megabytes, and enough for that many rows.
  public static let bodyLimit = 1_800_000
  /// The longest path with its query, in bytes.
  static let targetLimit = 8192
  static let programVersion = ProgramVersion.current

  public let refreshes: RefreshMetrics
  public let logger: Logger
  let metrics: RequestMetrics
  private let served: Mutex<ServedModel?>
  private let stopping = Atomic(false)

  /// The path below which a proxy has the service, such as `/models/diamonds`; empty for none.
  let basePath: String

  public init(model: ServedModel? = nil, basePath: String = "", logger: Logger) {
    self.basePath = basePath
    served = Mutex(model)
    refreshes = RefreshMetrics()
    self.logger = logger
    metrics = RequestMetrics(routes: ServiceRouter.routes.map(\.name))
  }

  /// Whether the service is stopping: it is not ready any more, but still answers.
  public var isStopping: Bool { stopping.load(ordering: .relaxed) }
  /// Whether a model is loaded and the service is not stopping.
  var isReady: Bool { !isStopping && model != nil }
  public func stop() { stopping.store(true, ordering: .relaxed) }

  /// How many requests for predictions were answered, refused ones among them.
  public var predictionRequestCount: Int {
    metrics.count(ofRoutes: ["/predict", "/api/predict", InferenceRoutes.path + "/infer"])
  }

  /// The model that is served, if one is loaded. A request asks once and keeps what it got, so another
  /// model takes over between requests.
  public var model: ServedModel? { served.withLock { $0 } }

  /// Lets a model answer the requests that come from now on.
  public func serve(_ model: ServedModel) { served.withLock { $0 = model } }

  /// - Throws: ``Problem`` while there is no model.
  func loadedModel() throws(Problem) -> ServedModel {
    guard let model else {
      throw Problem(
        .serviceUnavailable, "no model is loaded yet", headers: [.retryAfter: "5"])
    }
    return model
  }
}
