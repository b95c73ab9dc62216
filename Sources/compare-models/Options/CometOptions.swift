import ArgumentParser
import CometLogging
import Support

/// Whether and where runs are logged in Comet. The key comes from the environment only: a command line
/// can be read by every user of the machine.
struct CometOptions: ParsableArguments {
  @Flag(help: "Send nothing to Comet; keep what would be sent as archives in the run folder.")
  var offline = false

  @Flag(help: "Fail with status 69 unless Comet has received everything.")
  var requireComet = false

  @Flag(
    help: "Also log the baseline, which always predicts the most frequent class, as an experiment.")
  var logBaseline = false

  @Option(
    help: ArgumentHelp(
      "The Comet project to log to. (default: COMET_PROJECT, else compare-models)",
      valueName: "name"))
  var cometProject: String?

  @Option(
    help: ArgumentHelp(
      "The Comet workspace to log to. (default: COMET_WORKSPACE, else the account's own)",
      valueName: "name"))
  var cometWorkspace: String?

  /// Where runs are logged.
  func destination() throws -> CometDestination {
    try CometDestination(
      Settings(), workspace: cometWorkspace, project: cometProject, isOffline: offline,
      isRequired: requireComet, program: CompareModels.userAgent)
  }

  func validate() throws {
    try CometDestination.check(
      workspace: cometWorkspace, project: cometProject, isOffline: offline,
      isRequired: requireComet)
  }
}
