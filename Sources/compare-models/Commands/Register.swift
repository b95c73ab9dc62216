import ArgumentParser
import Classifiers
import Comet
import CometLogging
import Comparison
import LinearAlgebra
import ModelRegistry
import Support

/// Registers the best model of a run that is finished.
struct Register: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register",
    abstract: "Registers the best model of a run in Comet's model registry.",
    discussion: """
      The model, the scaler and all encoders get a new version in the registry, the same for all of them. \
      The command can be repeated: it continues where it stopped, and does nothing twice.

      EXAMPLES
        compare-models register runs/20261124T210000Z-42
        compare-models register runs/20261124T210000Z-42 --stage production
        compare-models register runs/20261124T210000Z-42 --promote-if-better --data stones.csv
      """)

  @Argument(help: "The folder of a finished run that was sent to Comet.")
  var runFolder: String

  @OptionGroup var registry: RegistryOptions

  @Option(
    help: "The CSV file that the run was made from; --promote-if-better needs it.",
    completion: .file(extensions: ["csv"]))
  var data = RunRequest.standard.data

  @Option(
    help: ArgumentHelp(
      "The Comet workspace. (default: COMET_WORKSPACE, else the run's, else the account's own)",
      valueName: "name"))
  var cometWorkspace: String?

  func run() throws {
    let settings = try Settings()
    let connection = try CometConnection(settings, program: CompareModels.userAgent)
    let run = try FinishedRun(contentsOf: runFolder)
    let experiments = try RunExperiments(of: run.path)
    let registration = Registration(
      registry.choice, connection: connection,
      workspace: cometWorkspace ?? settings.cometWorkspace ?? experiments.workspace,
      data: data, threads: Parallelism.availableThreads,
      say: { try? StandardOutput.write($0 + "\n") })
    try registration.register(run) { try experiments.key(of: $0) }
  }
}
