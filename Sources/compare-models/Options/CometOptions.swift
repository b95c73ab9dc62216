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
  func destination(_ settings: Settings) throws -> CometDestination {
    let destination = try CometDestination(
      settings, workspace: cometWorkspace, project: cometProject, isOffline: offline,
      program: CompareModels.userAgent)
    guard !requireComet || destination.connection != nil else {
      throw ConfigurationError(
        "--require-comet needs COMET_API_KEY, the key of your Comet account, and COMET_OFFLINE must "
          + "not be true")
    }
    return destination
  }

  func validate() throws {
    if offline, requireComet {
      throw ValidationError("--offline and --require-comet exclude each other.")
    }
    if cometProject == "" { throw ValidationError("--comet-project must be a name.") }
    if cometWorkspace == "" { throw ValidationError("--comet-workspace must be a name.") }
  }
}
