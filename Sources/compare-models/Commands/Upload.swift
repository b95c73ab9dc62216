import ArgumentParser
import Comet
import CometLogging
import Support

/// Sends what earlier runs have kept.
struct Upload: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sends kept results to Comet: run folders, journals and archives.",
    discussion: """
      What Comet has already received is not sent again, so the command can be repeated until everything \
      is there. A run folder means everything in its folder "comet"; a folder of run folders means all \
      of them.

      EXAMPLES
        compare-models upload runs/20260131T235959Z-42
        compare-models upload runs
        compare-models upload 0123456789abcdef0123456789abcdef.zip
      """)

  @Argument(help: "Run folders, journals (.jsonl) or archives (.zip).")
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      "The Comet project to send to. (default: COMET_PROJECT, else the run's)", valueName: "name"))
  var cometProject: String?

  @Option(
    help: ArgumentHelp(
      "The Comet workspace to send to. (default: COMET_WORKSPACE, else the run's)",
      valueName: "name"))
  var cometWorkspace: String?

  func run() throws {
    let settings = try Settings()
    let connection = try CometConnection(settings, program: CompareModels.userAgent)
    let kept = try KeptExperiments(at: paths)
    for path in kept.emptyPaths { StandardError.write("\(path): nothing was kept for Comet") }
    try kept.send(
      over: connection,
      to: ExperimentUploader.Target(
        workspace: cometWorkspace ?? settings.cometWorkspace,
        project: cometProject ?? settings.cometProject),
      ProgressDisplay(.normal), tell: { try StandardOutput.say($0) },
      warn: CompareModels.warn)
  }
}
