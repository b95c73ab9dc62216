import ArgumentParser
import Comet
import Support

/// Sends what earlier runs have kept.
struct Upload: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "upload",
    abstract: "Sends to Comet what runs have kept: run folders, journals and archives.",
    discussion: """
      What Comet has taken before is not sent again, so the command may be repeated until all is there. \
      A run folder stands for everything in its folder "comet"; a folder of run folders for all of them.

      EXAMPLES
        compare-models upload runs/20260131T235959Z-42
        compare-models upload runs
        compare-models upload 0123456789abcdef0123456789abcdef.zip
      """)

  @Argument(help: "Run folders, journals (.jsonl) or archives (.zip).")
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      "The Comet project to send to, instead of the one that was meant.", valueName: "name"))
  var cometProject: String?

  @Option(
    help: ArgumentHelp(
      "The Comet workspace to send to, instead of the one that was meant.", valueName: "name"))
  var cometWorkspace: String?

  func run() throws {
    let settings = try Settings()
    let connection = try CometConnection(settings, program: CompareModels.userAgent)
    var problems: [JournalError] = []
    let experiments = try paths.flatMap { path in
      let problemCount = problems.count
      let found = try PendingExperiment.all(at: path) { problems.append($0) }
      if found.isEmpty, problems.count == problemCount {
        StandardError.write("\(path): nothing was kept for Comet")
      }
      return found
    }
    let uploader = ExperimentUploader(
      connection.client, connection.transport,
      target: ExperimentUploader.Target(
        workspace: cometWorkspace ?? settings.cometWorkspace,
        project: cometProject ?? settings.cometProject))
    let before = experiments.map(\.journal.takenCount)
    let wasFinished = experiments.map(\.journal.isFinished)
    for experiment in experiments { uploader.add(experiment.journal, folder: experiment.folder) }
    // Nobody trains meanwhile, so it may take its time; the circuit ends what is of no use.
    let progress = Progress(.normal)
    progress.follow(uploader, within: 86_400)
    for (index, experiment) in experiments.enumerated() {
      experiment.removeArchive()
      try StandardOutput.write(
        line(for: experiment, takenBefore: before[index], wasFinished: wasFinished[index]) + "\n")
    }
    try tellShortfall(uploader, problems)
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
      line += "; left out \(count) of type \(type), which the REST API cannot take"
    }
    return line
  }

  /// What could not be sent: a warning each, and the worst of it as the command's error.
  private func tellShortfall(_ uploader: ExperimentUploader, _ problems: [JournalError]) throws {
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

  private func warn(_ text: String) { StandardError.write("compare-models: warning: \(text)") }
}

/// Events that Comet did not take, each of which was told.
struct UndeliveredError: Error, CustomStringConvertible {
  let count: Int

  var description: String {
    "\(count == 1 ? "1 entry was" : "\(count) entries were") not taken; they are kept, and the same "
      + "command tries them again"
  }
}
