import Classifiers
import Comet
public import Comparison
import JSON
public import Support

extension SweepResults {
  /// Prints the results, and logs them where there is a connection.
  ///
  /// - Parameters:
  ///   - folder: the sweep's folder, with its files.
  ///   - requiresComet: whether the program fails where something does not reach Comet.
  ///   - warn: gets what went wrong with Comet.
  /// - Throws: also ``ToldFailure``.
  public func publish(
    in folder: String, as format: OutputFormat, to destination: CometDestination,
    _ progress: ProgressDisplay, requiresComet: Bool, warn: (String) -> Void
  ) throws {
    try StandardOutput.write(printed(as: format, in: folder, style: .standardOutput))
    if let notice { progress.say(notice) }
    progress.say("Results are in \(folder)")
    let experiment = SweepExperiment(self, in: folder, to: destination)
    try experiment.log(progress)?.tell(progress, requiresAll: requiresComet, warn: warn)
  }
}

/// A finished sweep as one experiment of Comet: what was asked for, the best candidate, and the tables as
/// assets.
///
/// Ten runs or a million, it is some forty requests. An experiment for each run would be fifty times as many
/// as runs, and Comet takes 15,000 an hour from a key.
public struct SweepExperiment: Sendable {
  private static let name = "sweep"
  private static let files = [
    "sweep.json", "ranking.csv", "runs.csv", "timings.csv", "results.json",
  ]

  private let results: SweepResults
  /// The sweep's folder.
  private let folder: String
  private let destination: CometDestination

  public init(_ results: SweepResults, in folder: String, to destination: CometDestination) {
    self.results = results
    self.folder = folder
    self.destination = destination
  }

  private var cometFolder: String { "\(folder)/\(PendingExperiment.folderName)" }
  private var journalPath: String { "\(cometFolder)/\(Self.name).jsonl" }

  /// Logs the sweep, unless it was logged before, or there is no connection.
  ///
  /// - Returns: what became of it; `nil` where nothing was done.
  public func log(_ progress: ProgressDisplay) throws -> CometOutcome? {
    guard let connection = destination.connection else { return nil }
    guard !Files.exists(journalPath) else {
      progress.say(
        "The sweep was logged to Comet before; what is left: \(CometOutcome.uploadCommand(folder))")
      return nil
    }
    try Files.createFolder(cometFolder)
    let now = Timestamp.now.milliseconds
    let journal = try ExperimentJournal(
      creating: journalPath,
      experiment: OfflineExperiment(
        workspace: destination.workspace, project: destination.project, name: Self.name,
        tags: [Self.name], startTime: now))
    try journal.append(events(hiding: connection.key, now))
    try journal.recordEnd(ExperimentEnd(startTime: now, time: now, hasCrashed: false))
    let uploader = ExperimentUploader(connection.client, connection.transport)
    uploader.add(journal, folder: folder)
    progress.follow(uploader, within: destination.flushTimeout)
    return CometOutcome(of: [(Self.name, journal)], sentBy: uploader, folder: folder)
  }

  private func events(hiding key: APIKey, _ now: Int) -> [ExperimentEvent] {
    let plan = results.plan
    var parameters: [(String, JSONValue)] = [
      ("candidates", .integer(plan.candidates.count)), ("runs", .integer(plan.runCount)),
      ("seeds", .string(plan.seeds.description)), ("data_file", .string(plan.data.file)),
      ("data_sha256", .string(plan.data.sha256)),
      ("features", .string(plan.data.features.joined(separator: ","))),
      ("rows", .integer(plan.data.rows)), ("sort_by", .string(plan.sortBy.rawValue)),
    ]
    if let folds = plan.request.folds {
      parameters += [
        ("cross_validate", .integer(folds.count)), ("repeats", .integer(folds.repeats)),
      ]
    } else if plan.data.test == nil {
      parameters.append(("test_fraction", .real(plan.request.testFraction)))
    }
    let optional: [(String, String?)] = [
      ("encode", plan.request.encoding?.rawValue),
      ("group", plan.request.group), ("time", plan.request.time),
      ("test_data_file", plan.data.test?.file), ("test_data_sha256", plan.data.test?.sha256),
    ]
    parameters += optional.compactMap { name, value in value.map { (name, JSONValue.string($0)) } }
    var events: [ExperimentEvent] = []
    if let nested = plan.nested {
      parameters.append(("nested", .integer(nested)))
      if let moments = results.nestedMoments(plan.sortBy) {
        let name = "nested_" + RunEvents.name(of: plan.sortBy)
        for (suffix, value) in [("", moments.mean), ("_std", moments.deviation)] {
          events.append(
            .metric(name + suffix, .real(value), context: "validate", timestamp: now))
        }
      }
    }
    if let best = results.best {
      parameters.append(("model", .string(best.candidate.algorithm.rawValue)))
      parameters += best.candidate.settings.map { ($0.name, RunEvents.value($0.value)) }
      for score in best.scores {
        let name = RunEvents.name(of: score.metric)
        events.append(.metric(name, .real(score.mean), context: "validate", timestamp: now))
        events.append(
          .metric(name + "_std", .real(score.deviation), context: "validate", timestamp: now))
      }
    }
    events = parameters.map { .parameter($0, $1, timestamp: now) } + events
    events += RunEvents.context(hiding: key)
    events += Self.files.map { name in
      let ending = name.split(separator: ".").last.map(String.init) ?? ""
      return .asset(AssetUpload(name, fileExtension: ending), path: name, timestamp: now)
    }
    events.append(.output(results.table, timestamp: now))
    return events
  }
}
