import Comet
import Comparison
import ModelRegistry
import Support

extension RunComparison {
  /// Registers the best model of the run, whose folder is whole.
  func register(
    _ folder: RunFolder, _ outcome: CometOutcome, _ settings: Settings, _ progress: Progress
  ) throws {
    let command = Registration.command(
      for: folder.path, registry.options, data: table.data)
    guard outcome.undeliveredCount == 0 else {
      throw UnregisteredRun(
        cause: RegistryError(
          .unavailable, "nothing was registered, as Comet does not have the whole run"),
        commands: "\(CometOutcome.uploadCommand(folder.path)) && \(command)")
    }
    do {
      // The transport that the run was sent over may have been ended.
      let connection = try CometConnection(settings, program: CompareModels.userAgent)
      let registration = Registration(
        options: registry.options, connection: connection,
        workspace: comet.cometWorkspace ?? settings.cometWorkspace, data: table.data,
        threads: work.threadCount, say: { progress.say($0) })
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
