import JSON
public import Logging
import ModelFiles
import Synchronization

/// Answers requests: the whole service but for its connections.
///
/// Answering takes no locks that are held for long, waits for nothing and never throws, so that an
/// event loop may do it.
public final class PredictionResponder: Sendable {
  /// The most rows of one request.
  public static let rowLimit = 10_000
  /// The largest body of a request, in bytes: below two megabytes, and enough for that many rows.
  public static let bodyLimit = 1_800_000
  /// The longest path with its query, in bytes.
  static let targetLimit = 8192

  public let models: ModelHolder
  public let refreshes: RefreshMetrics
  public let logger: Logger
  let metrics: RequestMetrics
  private let routes: [Route]
  private let places: [String: Int]
  private let stopping = Atomic(false)

  public init(models: ModelHolder, refreshes: RefreshMetrics = RefreshMetrics(), logger: Logger) {
    self.models = models
    self.refreshes = refreshes
    self.logger = logger
    routes = Self.allRoutes
    // Requests for paths that there are not are counted behind the last route.
    metrics = RequestMetrics(routes: routes.map(\.path) + ["other"])
    places = Dictionary(uniqueKeysWithValues: routes.enumerated().map { ($1.path, $0) })
  }

  static let allRoutes: [Route] =
    pageRoutes + predictionRoutes + inferenceRoutes + stateRoutes + assetRoutes

  static let programVersion = ProgramVersion.current

  /// Whether the service is about to end: it is not ready any more, but answers.
  public var isStopping: Bool { stopping.load(ordering: .relaxed) }
  public func stop() { stopping.store(true, ordering: .relaxed) }

  /// How many requests for predictions were answered, refused ones among them.
  public var predictionRequestCount: Int {
    metrics.count(ofRoutes: [
      "/predict", "/api/predict", "/v2/models/\(Self.inferenceName)/infer",
    ])
  }

  /// The answer to a request.
  public func answer(_ request: ServiceRequest) -> ServiceAnswer {
    let start = ContinuousClock.now
    let (place, answer) = routed(request)
    record(request, place: place, answer: answer, since: start)
    return request.method == "HEAD" ? answer.withoutBody : answer
  }

  /// The answer to a request whose body is too large, which nobody reads.
  func refusal(_ request: ServiceRequest, status: Int, _ message: String) -> ServiceAnswer {
    let answer = Self.problem(Problem(message), status: status, request)
    record(
      request, place: places[String(request.path)] ?? routes.count, answer: answer, since: .now)
    return answer
  }

  private func routed(_ request: ServiceRequest) -> (place: Int, answer: ServiceAnswer) {
    guard request.path.utf8.count + (request.query?.utf8.count ?? 0) <= Self.targetLimit else {
      return (routes.count, Self.problem(Problem("the address is too long"), status: 414, request))
    }
    let path = Self.withoutVersion(request.path, models.current)
    guard let place = places[String(path)] else {
      return (
        routes.count,
        Self.problem(Problem("there is nothing at this address"), status: 404, request)
      )
    }
    let route = routes[place]
    guard let handler = route.handler(for: request.method) else {
      var answer = Self.problem(
        Problem("expected one of the methods \(route.allowed)"), status: 405, request)
      answer.headers.append(("allow", route.allowed))
      return (place, answer)
    }
    return (place, handler(request, self))
  }

  private func record(
    _ request: ServiceRequest, place: Int, answer: ServiceAnswer,
    since start: ContinuousClock.Instant
  ) {
    let duration = ContinuousClock.now - start
    let (seconds, attoseconds) = duration.components
    let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    metrics.record(route: place, status: answer.status, nanoseconds: nanoseconds)
    // Neither the query nor the body: they hold what was asked.
    logger.debug(
      "request",
      metadata: [
        "method": "\(request.method)", "route": "\(metrics.routes[place])",
        "status": "\(answer.status)", "microseconds": "\(nanoseconds / 1000)",
      ])
  }

  /// What went wrong, as a page for those who ask for one, else as JSON.
  static func problem(
    _ problem: Problem, status: Int, _ request: ServiceRequest
  ) -> ServiceAnswer {
    if request.asksForPage, !request.path.hasPrefix("/api/"), !request.path.hasPrefix("/v2") {
      return ServiceAnswer(status, MediaType.page, problemPage(problem, status: status).bytes)
    }
    // The Open Inference Protocol has a form of its own for errors.
    if request.path.hasPrefix("/v2") {
      return .json(["error": .string(problem.message)], status: status)
    }
    return .json(problem, status: status)
  }

  /// Calls `body` with the model, or says that there is none yet.
  func withModel(
    _ request: ServiceRequest, _ body: (ServedModel) -> ServiceAnswer
  ) -> ServiceAnswer {
    guard let model = models.current else {
      var answer = Self.problem(Problem("no model is loaded yet"), status: 503, request)
      answer.headers.append(("retry-after", "5"))
      return answer
    }
    return body(model)
  }
}
