import ArgumentParser
import Comet
import ModelFiles
import ModelRegistry
import ProgramStart
import Support

/// Fetches registered models.
@main
struct GetModels: AsyncParsableCommand, RootCommand {
  static let configuration = CommandConfiguration(
    commandName: "get-models",
    abstract: "Fetches a model and what prepares its rows from Comet's model registry.",
    discussion: """
      Takes the newest version that is in the stage, of the model, the scaler and all encoders, checks \
      them, and puts them into a folder that "compare-models predict" and the web service read. The \
      folder changes in one step, or not at all; when nothing is new, nothing is downloaded.

      COMET_API_KEY is the key of your Comet account, COMET_WORKSPACE the workspace.

      EXAMPLES
        get-models
        get-models --stage staging --output candidates
        get-models --version 1.1.0
        get-models --list
      """)

  @Option(help: ArgumentHelp("The stage to take. (default: production)", valueName: "name"))
  var stage: String?

  @Option(help: ArgumentHelp("The version to take, such as 1.1.0, whatever its stage."))
  var version: SemanticVersion?

  @Option(help: ArgumentHelp("What the models' names begin with.", valueName: "name"))
  var registryPrefix = SetNames.standardPrefix

  @Option(help: "The folder to write.", completion: .directory)
  var output = "models"

  @Flag(help: "Also fetch the model as ONNX, where it was registered with it.")
  var onnx = false

  @Flag(help: "Fetch nothing; show the registry's models with their versions and stages.")
  var list = false

  func validate() throws {
    if stage != nil, version != nil {
      throw ValidationError("--stage and --version exclude each other.")
    }
    if stage == "" { throw ValidationError("--stage must be a name.") }
    if output.isEmpty { throw ValidationError("--output must name a folder.") }
    if RegistryName.normalized(registryPrefix).isEmpty {
      throw ValidationError("--registry-prefix must have a letter or a digit.")
    }
  }

  func run() async throws {
    let settings = try Settings()
    let connection = try CometConnection(
      settings, program: "get-models/\(ProgramVersion.current)",
      policy: RetryPolicy(maximumAttempts: 6, throttleDelay: 10))
    if list {
      let listing = try await RegistryListing.read(
        connection.client, workspace: settings.cometWorkspace)
      try StandardOutput.write(ListingTable(listing).text)
      return
    }
    let fetcher = ModelSetFetcher(
      client: connection.client, workspace: settings.cometWorkspace,
      prefix: RegistryName.normalized(registryPrefix),
      choice: version.map(SetChoice.version) ?? .stage(stage ?? "production"), withGraph: onnx,
      output: output)
    let output = output
    Interruption.install(for: Self.name) {
      fetcher.abandon()
        ? "interrupted; \(output) has the new set" : "interrupted; \(output) has not changed"
    }
    let fetched = try await fetcher.fetch()
    for warning in fetched.warnings { Self.warn(warning) }
    try StandardOutput.say(summary(of: fetched))
  }

  private func summary(of fetched: FetchedModels) -> String {
    let record = fetched.record
    var title = "\(record.prefix) \(record.version ?? "of several versions")"
    if let stage = record.stage { title += " (\(stage))" }
    guard fetched.hasChanged else {
      return "\(fetched.folder) has \(title) already; nothing is new"
    }
    let comment = record.parts.first?.comment ?? ""
    return "\(fetched.folder) has \(title) now" + (comment.isEmpty ? "" : ": \(comment)")
  }

  static func main() async { await start() }
}

extension SemanticVersion: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
