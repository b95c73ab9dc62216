import Comet
import CometStandIn
import Support
import TestSupport
import Testing

@testable import ModelRegistry

@Suite struct `Registering a set` {
  @Test(arguments: [false, true])
  func `registering makes the same new version of every part`(isOldBackend: Bool) async throws {
    let setup = try RegistrySetup(isOldBackend: isOldBackend)
    let set = try await setup.log("first")
    let registered = try await setup.registrar().register(set)
    #expect(registered.version == .first)
    #expect(registered.isNew)
    #expect(registered.partNames.last == "diamonds-model")
    let contents = try await setup.contents()
    #expect(contents.models.keys.sorted() == RegistrySetup.names.sorted())
    for versions in contents.models.values {
      let item = try #require(versions.first?.item)
      let comment = try #require(item.comment)
      #expect(versions.count == 1)
      #expect(item.experimentKey == set.description.experimentKey)
      #expect(comment.contains("GaussianNB, f1 0.5"))
      #expect(comment.contains(set.description.experimentKey))
      #expect(comment.contains(set.description.dataSHA256))
      // Where stages and tags are told apart, no tag is shown as a stage.
      #expect(item.stages == (isOldBackend ? [] : set.description.tags))
    }
    // Further versions go above the highest, whichever part has it.
    let key = set.description.experimentKey
    _ = try await setup.client.answer(
      to:
        .registerOnOlderComet(
          ModelRegistration(
            experimentKey: key, modelName: "scaler", registryName: "diamonds-scaler",
            version: "1.7.3"),
          model: #require(
            try await setup.client.answer(to: .models(ofExperiment: key)).first {
              $0.name == "scaler"
            }), isNew: false))
    let second = try await setup.registrar().register(setup.log("second", seed: 2))
    #expect(second.version.description == "1.8.0")
  }

  @Test func `registering does nothing twice`() async throws {
    let setup = try RegistrySetup()
    let set = try await setup.log("run")
    try await setup.publish(set)
    let writes = setup.requests("write/registry-model")
    let again = try await setup.registrar().register(set)
    #expect(!again.isNew)
    #expect(again.version == .first)
    let move = try await setup.registrar().move("production", to: again)
    #expect(move.given.isEmpty && move.taken.isEmpty)
    #expect(setup.requests("write/registry-model") == writes)
    // An older set comes back into use without a new version.
    try await setup.publish(setup.log("second", seed: 2))
    try await setup.publish(set)
    let inUse = try await setup.versions(in: "production")
    #expect(inUse.values.allSatisfy { $0 == ["1.0.0"] })
    #expect(try await setup.versions(in: nil).values.allSatisfy { $0 == ["1.0.0", "1.1.0"] })
  }

  /// Where a process may end: after that many changes of the registry, of which the last was taken by
  /// Comet or not.
  struct Death: Sendable {
    let changes: Int
    let isLastTaken: Bool
    let isOldBackend: Bool
  }

  private static let deaths = [false, true].flatMap { isOldBackend in
    (1...15).flatMap { changes in
      [false, true].map {
        Death(changes: changes, isLastTaken: $0, isOldBackend: isOldBackend)
      }
    }
  }

  @Test(arguments: deaths)
  func `registering leaves a whole set in use wherever it ends, and continues from there`(
    death: Death
  ) async throws {
    let setup = try RegistrySetup(isOldBackend: death.isOldBackend)
    try await setup.publish(setup.log("first"))
    // Every third time a column goes and another comes.
    let columns = death.changes % 3 == 0 ? ["color", "shade"] : ["color", "clarity"]
    let second = try await setup.log("second", seed: 2, columns: columns)

    let dying = RegistrySetup.client(
      setup.server,
      over: DyingTransport(after: death.changes, isLastTaken: death.isLastTaken))
    await #expect(throws: RegistryError.self) {
      let registered = try await setup.registrar(dying).register(second)
      _ = try await setup.registrar(dying).move("production", to: registered)
    }
    let between = try await setup.contents().chosen(.stage("production"))
    #expect(between.warnings.isEmpty)
    #expect(["1.0.0", "1.1.0"].contains(between.version?.description))
    #expect(try await setup.fetcher().fetch().hasChanged)

    let registered = try await setup.publish(second)
    #expect(registered.version.description == "1.1.0")
    let inUse = try await setup.versions(in: "production")
    for name in registered.partNames { #expect(inUse[name] == ["1.1.0"], "\(name)") }
    #expect(inUse.filter { $0.value != [] }.count == 5)
    let all = try await setup.versions(in: nil)
    for name in registered.partNames {
      #expect(all[name] == (name.contains("shade") ? ["1.1.0"] : ["1.0.0", "1.1.0"]), "\(name)")
    }
    let fetched = try await setup.fetcher().fetch()
    #expect(fetched.record.version == "1.1.0")
    #expect(fetched.warnings.isEmpty)
  }

  @Test(arguments: ["write/registry-model*", "registry-model*", "experiment/model"])
  func `registering repeats lost requests, and notices those that were accepted`(
    path: String
  ) async throws {
    let setup = try RegistrySetup()
    let first = try await setup.log("first")
    let second = try await setup.log("second", seed: 2)
    setup.server.setFaults([
      Fault(.resetAfter, path: path, after: 1, times: 1),
      Fault(.resetAfter, path: path, after: 3, times: 1),
      Fault(.status(503), path: path, after: 2, times: 1),
      Fault(.truncatedAnswer, path: path, after: 4, times: 1),
    ])
    try await setup.publish(first)
    try await setup.publish(second)
    #expect(try await setup.versions(in: nil).values.allSatisfy { $0 == ["1.0.0", "1.1.0"] })
    #expect(try await setup.versions(in: "production").values.allSatisfy { $0 == ["1.1.0"] })
  }

  @Test func `registering waits until the registry shows what it has taken`() async throws {
    let setup = try RegistrySetup()
    setup.server.setFaults([Fault(.delayedVisibility(seconds: 0.3))])
    let set = try await setup.log("run")
    try await setup.publish(set)
    #expect(try await setup.registrar().register(set).isNew == false)
    setup.server.setFaults([])
    #expect(try await setup.versions(in: "production").values.allSatisfy { $0 == ["1.0.0"] })
  }

  @Test func `registering says what Comet does not have`() async throws {
    let setup = try RegistrySetup()
    let set = try await setup.log("run")
    setup.server.reset()
    let registrar = ModelSetRegistrar(
      client: setup.client, workspace: RegistrySetup.workspace,
      patience: Patience(interval: 0.01, limit: 0.05))
    let gone = await #expect(throws: RegistryError.self) { try await registrar.register(set) }
    #expect(gone?.exitStatus == 66)
    #expect(gone?.description.contains(set.description.experimentKey) == true)
    let empty = try await setup.client.answer(
      to:
        .createExperiment(workspace: RegistrySetup.workspace, project: "p", name: nil))
    let unsent = try RegistrableSet(
      folder: setup.folder.path + "/run", experimentKey: empty.key, metric: "f1", value: 1)
    let error = await #expect(throws: RegistryError.self) { try await registrar.register(unsent) }
    #expect(error?.description.hasSuffix("send the run first, with compare-models upload") == true)
  }

  @Test func `registering gives each prefix names of its own`() {
    let plain = SetNames(prefix: "diamonds")
    let longer = SetNames(prefix: "diamonds-eu")
    let both = [
      "diamonds-model", "diamonds-eu-model", "diamonds-color-feature-label-encoder",
      "diamonds-eu-color-feature-label-encoder", "diamonds-eu-scaler", "other-scaler",
    ]
    #expect(
      plain.parts(among: both) == ["diamonds-model", "diamonds-color-feature-label-encoder"])
    #expect(
      longer.parts(among: both) == [
        "diamonds-eu-model", "diamonds-eu-color-feature-label-encoder", "diamonds-eu-scaler",
      ])
    #expect(
      plain.name(ofFile: "Cut%20GradeFeatureLabelEncoder.json")
        == "diamonds-cut-20grade-feature-label-encoder")
    #expect(plain.name(ofFile: "predictions.csv") == nil)
  }
}

/// A connection of a process that dies: after some changes nothing reaches the server any more.
private final class DyingTransport: HTTPTransport {
  private let transport = CurlTransport()
  private let limit: Int
  private let isLastTaken: Bool
  private let changes = Mutex(0)

  init(after limit: Int, isLastTaken: Bool) {
    self.limit = limit
    self.isLastTaken = isLastTaken
  }

  func start(_ request: HTTPRequest, completion: @escaping @Sendable (Outcome) -> Void) {
    // What older Comets do not know changes nothing.
    let isChange = request.url.contains("/write/")
    let number = changes.withLock { count in
      if isChange { count += 1 }
      return count
    }
    let death = Outcome.failure(TransportError(.cancelled, "the process has ended"))
    if number < limit {
      transport.start(request) { [self] outcome in
        if case .success(let response) = outcome, isChange, response.status == 404 {
          changes.withLock { $0 -= 1 }
        }
        completion(outcome)
      }
    } else if number == limit, isChange, isLastTaken {
      transport.start(request) { _ in completion(death) }
    } else {
      completion(death)
    }
  }

  func cancel() { transport.cancel() }

  func close() { transport.close() }
}
