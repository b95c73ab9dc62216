import CometAccess
import ModelComparison
import ModelRegistry
import Settings

extension RunComparison {
  /// Registers the best model of the run, whose folder is whole.
  func register(
    _ folder: RunFolder, _ outcome: CometOutcome, _ settings: Settings, _ progress: Progress
  ) throws {
    // The transport that the run was sent over may have been ended.
    let registration = Registration(
      options: registry.options,
      connection: try CometConnection(settings, program: CompareModels.userAgent),
      workspace: comet.cometWorkspace ?? settings.cometWorkspace, data: table.data,
      threads: work.threadCount, say: { progress.say($0) })
    let command = registration.command(for: folder.path)
    guard outcome.undeliveredCount == 0 else {
      throw UnregisteredRun(
        cause: RegistryError(
          .unavailable, "nothing was registered, as Comet does not have the whole run"),
        commands: "\(CometOutcome.uploadCommand(folder.path)) && \(command)")
    }
    do {
      try registration.register(FinishedRun(contentsOf: folder.path)) { name in
        guard let key = outcome.experimentKeys[name] else {
          throw RegistryError(.missing, "Comet has no experiment of \(name)")
        }
        return key
      }
    } catch {
      throw UnregisteredRun(cause: error, commands: command)
    }
  }
}
