public import Comet
public import Support

/// What earlier runs have kept for Comet.
public struct KeptExperiments: Sendable {
  private let pending: PendingExperiments
  var experiments: [PendingExperiment] { pending.experiments }
  /// The paths where nothing was kept.
  public var emptyPaths: [String] { pending.emptyPaths }

  /// - Parameter paths: run folders, folders of run folders, journals and archives; what several of them
  ///   mean is kept once.
  public init(at paths: [String]) throws { pending = try PendingExperiments(at: paths) }

  /// Sends what Comet does not have.
  ///
  /// - Parameters:
  ///   - tell: gets a line for each experiment.
  ///   - warn: gets a line for each thing that could not be sent, but the worst.
  /// - Throws: the worst of what could not be sent.
  public func send(
    over connection: CometConnection, to target: ExperimentUploader.Target,
    _ progress: ProgressDisplay, tell: (String) throws -> Void, warn: (String) -> Void
  ) throws {
    let uploader = ExperimentUploader(connection.client, connection.transport, target: target)
    let before = experiments.map(\.journal.takenCount)
    let wasFinished = experiments.map(\.journal.isFinished)
    for experiment in experiments { uploader.add(experiment.journal, folder: experiment.folder) }
    // Nobody trains meanwhile, so it may take its time; the circuit ends what is of no use.
    progress.follow(uploader, within: 86_400)
    for (index, experiment) in experiments.enumerated() {
      experiment.removeArchive()
      try tell(
        line(for: experiment, takenBefore: before[index], wasFinished: wasFinished[index]))
    }
    try check(uploader, warn)
  }

  private func line(
    for experiment: PendingExperiment, takenBefore: Int, wasFinished: Bool
  ) -> String {
    let journal = experiment.journal
    let place = journal.created.map { $0.link ?? "experiment \($0.key)" } ?? "no experiment yet"
    if wasFinished { return "\(experiment.name): sent before, nothing to do; \(place)" }
    var line = "\(experiment.name): sent \(journal.takenCount - takenBefore) of "
    line += "\(journal.eventCount - takenBefore) entries; \(place)"
    for (type, count) in experiment.skipped.sorted(by: { $0.key < $1.key }) {
      line += "; skipped \(count) of type \(type), which the REST API cannot take"
    }
    return line
  }

  /// Warns of what could not be sent, and throws the worst of it.
  private func check(_ uploader: ExperimentUploader, _ warn: (String) -> Void) throws {
    let problems = pending.problems
    for problem in problems.dropFirst() { warn("\(problem)") }
    let refusals = uploader.refusals
    for text in refusals.texts { warn(text) }
    if let failure = uploader.failure {
      if let problem = problems.first { warn("\(problem)") }
      throw failure
    }
    if let problem = problems.first { throw problem }
    if refusals.count > 0 { throw UndeliveredError(count: refusals.count) }
  }
}

/// Events that Comet did not take, after a warning for each.
public struct UndeliveredError: ExitStatusProviding, CustomStringConvertible {
  public let count: Int

  public var exitStatus: Int32 { 69 }
  public var description: String {
    "\(count == 1 ? "1 entry was" : "\(count) entries were") not taken; they are kept, and the same "
      + "command tries them again"
  }
}
