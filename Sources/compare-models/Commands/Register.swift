import ArgumentParser
import Classifiers
import Comet
import CometLogging
import Comparison
import LinearAlgebra
import ModelRegistry
import Report
import Support

/// Registers the best model of a run that is finished.
struct Register: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register",
    abstract: "Registers the best model of a run or a sweep in Comet's model registry.",
    discussion: """
      The model, the scaler and all encoders get a new version in the registry, the same for all of them. \
      The command can be repeated: it continues where it stopped, and does nothing twice.

      EXAMPLES
        compare-models register runs/20261124T210000Z-42
        compare-models register runs/20261124T210000Z-42 --stage production
        compare-models register runs/sweep-0123456789ab --data stones.csv
        compare-models register runs/20261124T210000Z-42 --promote-if-better --data stones.csv
      """)

  @Argument(help: "The folder of a finished run that was sent to Comet, or of a finished sweep.")
  var runFolder: String

  @OptionGroup var registry: RegistryOptions

  @Option(
    help: "The CSV file of the run or sweep; --promote-if-better, --refit and a sweep need it.",
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
    let threads = Parallelism.availableThreads
    let sweep = try SweepWinner(of: runFolder, by: registry.selectBy, threads: threads)
    let choice = registry.choice(by: sweep?.metric ?? .f1)
    let made = try sweep.map {
      try SweepRegistration(
        of: $0, in: runFolder, as: choice, data: data, threads: threads, ProgressDisplay(.normal)
      ).run(
        to: CometDestination(settings, workspace: cometWorkspace, program: CompareModels.userAgent)
      ) { ReportFile(folder: $0, threads: threads, experimentLinks: CreatedExperiment.links) }
    }
    let run = try FinishedRun(contentsOf: made?.path ?? runFolder)
    let experiments = try made ?? RunExperiments(of: run.path)
    let registration = Registration(
      choice, connection: connection,
      workspace: cometWorkspace ?? settings.cometWorkspace ?? experiments.workspace,
      project: experiments.project, data: data, threads: threads,
      say: { try? StandardOutput.say($0) })
    try registration.register(run) { try experiments.key(of: $0) }
  }
}
