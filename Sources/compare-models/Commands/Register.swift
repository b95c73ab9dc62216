import ArgumentParser
import Comet
import CometLogging
import Comparison
import LinearAlgebra
import Report
import Support

/// Registers the best model of a run that is finished.
struct Register: ParsableCommand {
  static let configuration = CommandConfiguration(
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
    let threads = Parallelism.availableThreads
    try Registration.register(
      runFolder, by: registry.selectBy, as: registry.choice(by:), data: data, threads: threads,
      Settings(), workspace: cometWorkspace, program: CompareModels.userAgent,
      report: {
        ReportFile(folder: $0, threads: threads, experimentLinks: CreatedExperiment.links)
      }, say: { try? StandardOutput.say($0) })
  }
}
