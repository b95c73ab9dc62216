import ArgumentParser
import Comet
import ModelFiles
import ModelRegistry
import PredictionService
import ProgramStart
import Support

/// The web service.
@main
struct DiamondsPrediction: AsyncParsableCommand, RootCommand {
  static let configuration = CommandConfiguration(
    commandName: "diamonds-prediction",
    abstract: "Serves predictions of the model that is in production: a form and an API.",
    discussion: """
      The model comes from Comet's model registry if COMET_API_KEY is set, and from a folder otherwise. \
      A newer model replaces it while the service runs. \
      COMET_WORKSPACE is the workspace, MODEL_REFRESH_SECONDS the time between two checks; \
      env.list.example shows all variables.

      EXAMPLES
        diamonds-prediction --models models
        diamonds-prediction --models runs/20261124T205313Z-42/RandomForest --port 8080
      """,
    version: ProgramVersion.current)

  @Option(
    help: ArgumentHelp(
      "The folder of the model: that of a run, or the one that the registry's model is downloaded to. "
        + "(default: models)", valueName: "folder"),
    completion: .directory)
  var models: String?

  @Option(
    help: ArgumentHelp(
      "The address to listen on. (default: all, of IPv4 and of IPv6)", valueName: "address"))
  var host: String?

  @Option(
    help: ArgumentHelp("The port to listen on. (default: PORT, else 5000)", valueName: "number"))
  var port: Int?

  @Option(
    help: ArgumentHelp(
      "The stage of the registered model to serve.", valueName: "name"))
  var stage = "production"

  @Option(
    help: ArgumentHelp(
      "What the model is called on pages and in the Open Inference Protocol. (default: diamonds for their "
        + "columns, else the registered prefix or the target)", valueName: "name"))
  var name: String?

  @Option(
    help: ArgumentHelp(
      "The path below which a proxy has the service, such as /models/diamonds.", valueName: "path"))
  var basePath: String?

  @Flag(
    help: "Check that a service is running on that port of this machine; exit with 0 or 1.")
  var check = false

  func validate() throws {
    if models == "" { throw ValidationError("--models must name a folder.") }
    if stage.isEmpty { throw ValidationError("--stage must be a name.") }
    if let name, name.isEmpty || !name.allSatisfy(ServedModel.isNameCharacter) {
      throw ValidationError("--name must be of letters, digits and -_. only.")
    }
    if let basePath, !ServiceState.isBasePath(basePath) {
      throw ValidationError(
        "--base-path must be a path such as /models/diamonds, without a slash at its end.")
    }
    if let port, !(0...65535).contains(port) {
      throw ValidationError("--port must be a number from 0 to 65535.")
    }
  }

  func run() async throws {
    if check {
      let port = try port ?? Settings().port
      guard let problem = await HealthCheck(port: port).problem() else { return print("ok") }
      throw UnhealthyError(port: port, problem: problem)
    }
    try await ServiceRun(self, Settings()).run()
  }

  static func main() async { await start() }
}
