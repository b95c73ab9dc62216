import Classifiers
public import Evaluation
import Support

/// The best candidate of a finished sweep, to be made a run of its own.
public struct SweepWinner: Sendable {
  public let plan: SweepPlan
  /// The metric by which it is the best.
  public let metric: Metric
  public let candidate: Candidate
  /// Its mean over the sweep's runs.
  public let mean: Double
  private let folder: String

  /// The folder of the candidate's run, within the sweep's.
  public var path: String { "\(folder)/best/\(candidate.name)" }

  /// Reads the sweep's runs; `nil` where the folder is not that of a sweep.
  ///
  /// - Parameter metric: what candidates are ranked by; `nil` for the sweep's own metric.
  /// - Throws: ``RequestError`` where runs are missing, or the metric is not defined for any candidate.
  public init?(of path: String, by metric: Metric?, threads: Int) throws {
    let folder = SweepFolder(path: path)
    guard let plan = try folder.plan() else { return nil }
    let results = try SweepMerge(plan, in: folder, threads: threads).results()
    let metric = metric ?? plan.sortBy
    guard let best = results.best(by: metric) else {
      throw RequestError(
        .badData, "\(folder.path): \(metric.rawValue) is not defined for any of its candidates")
    }
    self.plan = plan
    self.metric = metric
    (candidate, mean) = best
    self.folder = folder.path
  }

  /// What the run is asked for: the sweep's request, with its first seed.
  ///
  /// - Parameter data: the path of the sweep's table; a file of test rows is beside it.
  public func request(data: String) throws(RequestError) -> RunRequest {
    var request = plan.request
    request.data = data
    request.testData = plan.request.testData.map { "\(Files.folder(of: data))/\($0)" }
    request.seed = plan.seeds.seeds[0]
    request.candidates = [RunRequest.Candidate(try candidate.classifier(seed: request.seed))]
    request.sortBy = metric
    request.chosenFrom = plan.candidates.count
    return request
  }

  /// Reads and prepares the table.
  ///
  /// - Throws: also ``RequestError`` for another table than the sweep's.
  public func prepared(data: String, threads: Int) throws -> PreparedRun {
    let run = try PreparedRun(request(data: data), conduct: RunConduct(threads: threads))
    guard run.table.sha256 == plan.data.sha256,
      run.table.testFile?.sha256 == plan.data.test?.sha256
    else {
      throw RequestError(
        .badData,
        "\(data): expected the file that the sweep was made from, \(plan.data.file) with SHA-256 "
          + "\(plan.data.sha256), found another; name it with --data")
    }
    return run
  }

  /// Whether the run is finished.
  public var isRun: Bool { Files.exists(path + "/" + ComparisonDocument.fileName) }

  /// The folder to make the run in, or to go on with it.
  ///
  /// - Throws: ``RequestError`` where the folder was begun with another request.
  public func runFolder(for run: PreparedRun) throws -> RunFolder {
    guard Files.exists(path + "/" + RequestDocument.fileName) else {
      return try RunFolder(path: path)
    }
    let folder = try RunFolder(resuming: path)
    let begun = try folder.requestDocument()
    try begun.check(asked: run.request, at: path)
    try begun.check(run.document, at: path)
    return folder
  }
}

extension SweepResults {
  /// The candidate with the best mean, the first of equally good ones, and that mean; `nil` where the metric
  /// is not defined for any.
  func best(by metric: Metric) -> (candidate: Candidate, mean: Double)? {
    guard let index = metrics.firstIndex(of: metric) else { return nil }
    let means = Dictionary(
      uniqueKeysWithValues: ranking.map { ($0.candidate, $0.moments[index]?.mean) })
    let best = metric.best(plan.candidates.map { means[$0] ?? nil })
    return plan.candidates.lazy.compactMap { candidate in
      (means[candidate] ?? nil).flatMap { $0 == best ? (candidate, $0) : nil }
    }.first
  }
}
