/// How a run is done; it changes no result.
public struct RunConduct: Sendable {
  /// How many threads may work.
  public var threads: Int
  /// After that time no new fit is begun; `nil` for no limit.
  public var timeLimit: Duration?
  /// Whether what only the report shows is computed: intervals, tests and importances.
  public var makesReport: Bool
  /// Whether severe findings about the data end the run before anything is fitted.
  public var isStrictAboutData: Bool
  /// Whether each model is kept as an ONNX graph, too.
  public var writesGraphs: Bool

  public init(
    threads: Int, timeLimit: Duration? = nil, makesReport: Bool = true,
    isStrictAboutData: Bool = false, writesGraphs: Bool = false
  ) {
    self.threads = threads
    self.timeLimit = timeLimit
    self.makesReport = makesReport
    self.isStrictAboutData = isStrictAboutData
    self.writesGraphs = writesGraphs
  }
}
