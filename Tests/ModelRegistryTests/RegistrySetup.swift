import Classifiers
import Comet
import CometStandIn
import Datasets
import ModelFiles
import SavedModels
import Support
import TestSupport
import Testing

@testable import ModelRegistry

/// A stand-in for Comet with a client, and small models to register.
struct RegistrySetup {
  let folder = TemporaryFolder()
  let server: StandInServer
  let client: CometClient

  static let workspace = "demo-ws"
  static let names = [
    "diamonds-model", "diamonds-scaler", "diamonds-label-encoder",
    "diamonds-color-feature-label-encoder", "diamonds-clarity-feature-label-encoder",
  ]

  init(isOldBackend: Bool = false) throws {
    var options = StandInOptions()
    options.isOldBackend = isOldBackend
    server = try StandInServer(options)
    client = Self.client(server)
  }

  static func client(
    _ server: StandInServer, key: String = StandInServer.defaultKey,
    over transport: (any HTTPTransport)? = nil
  ) -> CometClient {
    let retrying = RetryingTransport(
      CurlTransport(),
      policy: RetryPolicy(
        maximumAttempts: 3, firstDelay: 0.01, longestDelay: 0.05, throttleDelay: 0.05),
      // Faults that a test asks for may last longer than a circuit's patience on a busy machine.
      circuit: Circuit(patience: .infinity))
    guard let address = CometServer(server.url) else { fatalError("a server has an address") }
    return CometClient(
      server: address, key: APIKey(key), transport: transport ?? retrying)
  }

  static let patience = Patience(interval: 0.01, limit: 2)

  func registrar(_ client: CometClient? = nil) -> ModelSetRegistrar {
    ModelSetRegistrar(
      client: client ?? self.client, workspace: Self.workspace, patience: Self.patience)
  }

  var output: String { folder.path + "/models" }

  func fetcher(
    _ choice: SetChoice = .stage("production"), client: CometClient? = nil, to output: String? = nil
  ) -> ModelSetFetcher {
    ModelSetFetcher(
      client: client ?? self.client, workspace: Self.workspace, choice: choice,
      output: output ?? self.output)
  }

  /// Fits a model on a small table, and logs its files as a run does.
  ///
  /// - Parameter columns: the columns of text.
  func log(
    _ name: String, seed: UInt64 = 1, columns: [String] = ["color", "clarity"]
  ) async throws -> RegistrableSet {
    var generator = SeededGenerator(seed: seed)
    var lines = ["carat," + columns.joined(separator: ",") + ",cut"]
    for row in 0..<60 {
      let carat = Double(Int.random(in: 1...400, using: &generator)) / 100
      let words = columns.map { "\($0)\((row + Int(carat)) % 3)" }
      lines.append("\(carat)," + words.joined(separator: ",") + ",\(carat > 2 ? "Ideal" : "Fair")")
    }
    let table = try CSVTable(
      contentsOf: folder.write(lines.joined(separator: "\n") + "\n", to: name + ".csv"))
    let data = try Preprocessing().prepare(table, split: TrainTestSplit())
    let classifier = GaussianNaiveBayes()
    let description = ModelDescription(
      algorithm: .gaussianNaiveBayes, hyperparameters: classifier.hyperparameters,
      featureNames: data.training.featureNames, classNames: data.training.classNames,
      training: ModelDescription.TrainingData(
        fileName: table.fileName, sha256: table.sha256, target: "cut", seed: 42, testFraction: 0.2),
      validationMetrics: ["f1": 0.5], programVersion: ProgramVersion.current)
    let pipeline = try SavedPipeline(
      SavedModel(classifier.fit(data.training, threads: 1), description), SavedPreprocessing(data))
    folder.makeFolder(name)
    let experiment = try await client.answer(
      to:
        .createExperiment(workspace: Self.workspace, project: "p", name: "GaussianNB"))
    for (file, bytes) in try pipeline.files() {
      folder.write(bytes, to: name + "/" + file)
      let asset = AssetUpload(
        file, type: "model-element",
        modelName: LoggedModelName.name(ofFile: file, classifier: "GaussianNB"))
      let event = ExperimentEvent.asset(asset, path: name + "/" + file, timestamp: 1)
      try await client.answer(
        to: .log(event, folder: folder.path, experiment: experiment.key))
    }
    return try RegistrableSet(
      folder: folder.path + "/" + name, experimentKey: experiment.key, metric: "f1", value: 0.5)
  }

  /// Registers a set and gives it the stage.
  @discardableResult func publish(
    _ set: RegistrableSet, to stage: String? = "production"
  ) async throws -> RegisteredSet {
    let registered = try await registrar().register(set)
    if let stage { _ = try await registrar().move(stage, to: registered) }
    return registered
  }

  /// What the registry has now.
  func contents() async throws -> RegistryContents {
    try await RegistryContents.read(
      Self.client(server), SetNames(), workspace: Self.workspace)
  }

  /// The versions of each part that are in a stage, oldest first.
  func versions(in stage: String?) async throws -> [String: [String]] {
    try await contents().models.mapValues { versions in
      versions.filter { version in stage.map { version.isIn($0) } ?? true }
        .map(\.number.description).reversed()
    }
  }

  /// Every request that was taken, of a path that begins like that.
  func requests(_ path: String) -> Int {
    server.requests.filter { $0.path.contains(path) && $0.isAcknowledged }.count
  }
}
