import Comet
public import Comparison
import ModelRegistry
public import Support

/// Makes a sweep's best candidate a run that can be registered: in the sweep's folder, with its request and
/// its first seed, logged to Comet like any run.
///
/// Nothing is done twice: a run that is there is completed, and what Comet has is not sent again.
public struct SweepRegistration: Sendable {
  private let winner: SweepWinner
  /// The path of the sweep's table.
  private let data: String
  private let threads: Int
  private let progress: ProgressDisplay
  /// The command that continues.
  private let command: String

  /// - Parameter folder: the sweep's folder.
  public init(
    of winner: SweepWinner, in folder: String, as choice: RegistrationChoice, data: String,
    threads: Int, _ progress: ProgressDisplay
  ) {
    self.winner = winner
    self.data = data
    self.threads = threads
    self.progress = progress
    command = choice.command(for: folder, data: data)
  }

  /// Makes the run, unless it is finished, and sends it, unless Comet has it.
  ///
  /// - Parameters:
  ///   - destination: its connection may be ended by the sending, and is of no use thereafter.
  ///   - report: makes the recorder that writes the report into the run's folder.
  /// - Returns: the run's folder and experiment.
  /// - Throws: also ``UnfinishedRun`` where Comet does not get the whole run.
  public func run(
    to destination: CometDestination, report: (RunFolder) -> any RunRecorder
  ) throws -> RunExperiments {
    progress.say(
      "The best of \(winner.plan.candidates.count) candidates by \(winner.metric.rawValue), "
        + "\(winner.candidate.name), is run in \(winner.path)")
    if let made = try make(to: destination, report) {
      guard made.undeliveredCount == 0 else {
        throw UnfinishedRun(
          RegistryError(
            .unavailable, "nothing was registered, since Comet does not have the whole run"),
          toRegister: command)
      }
      return RunExperiments(made, from: destination)
    }
    let name = winner.candidate.algorithm.rawValue
    let known = try RunExperiments(of: winner.path)
    let hasAll = (try? known.key(of: name)) != nil
    return hasAll ? known : try send(to: destination)
  }

  /// `nil` where the run is finished.
  private func make(
    to destination: CometDestination, _ report: (RunFolder) -> any RunRecorder
  ) throws -> CometOutcome? {
    if winner.isRun { return nil }
    let run = try winner.prepared(data: data, threads: threads)
    let folder = try winner.runFolder(for: run)
    let recorder = CometRecorder(folder: folder, destination: destination)
    return try KeptResults.telling(of: folder, recorder, advice: "; to go on: \(command)") {
      let document = try RunPipeline(
        run, folder: folder, others: [recorder, report(folder)], progress: progress
      ).document()
      let printed = try document.printed(
        as: .table, sortedBy: run.request.sortBy, style: .standardOutput)
      for line in printed.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
        progress.say(String(line))
      }
      let outcome = try recorder.conclude(output: printed, telling: progress)
      progress.say(outcome.message)
      return outcome
    }
  }

  /// Sends what an earlier command has left.
  private func send(to destination: CometDestination) throws -> RunExperiments {
    do {
      guard let connection = destination.connection else {
        throw RegistryError(
          .unavailable, "Comet does not have the run, and COMET_OFFLINE lets nothing be sent")
      }
      let kept = try KeptExperiments(at: [winner.path])
      guard kept.emptyPaths.isEmpty else {
        throw RegistryError(
          .missing,
          "\(winner.path): nothing was kept for Comet; remove the folder, and register again")
      }
      try kept.send(
        over: connection,
        to: ExperimentUploader.Target(
          workspace: destination.workspace, project: destination.project),
        progress, tell: { progress.say($0) }, warn: { progress.say($0) })
      return RunExperiments(kept.experiments, of: winner.path)
    } catch {
      throw UnfinishedRun(error, toRegister: command)
    }
  }
}
