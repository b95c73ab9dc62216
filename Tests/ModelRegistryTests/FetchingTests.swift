import Comet
import CometStandIn
import SavedModels
import TestSupport
import Testing

@testable import ModelRegistry

@Suite struct `Fetching a set` {
  @Test(arguments: [false, true])
  func `fetching brings the files of the run into a new folder`(isOldBackend: Bool) async throws {
    let setup = try RegistrySetup(isOldBackend: isOldBackend)
    let set = try await setup.log("run")
    try await setup.publish(set)
    let fetched = try await setup.fetcher().fetch()
    #expect(fetched.hasChanged)
    #expect(fetched.warnings.isEmpty)
    #expect(fetched.record.version == "1.0.0")
    #expect(fetched.record.stage == "production")
    #expect(fetched.record.experimentKey == set.description.experimentKey)
    #expect(fetched.record.parts.map(\.name).sorted() == RegistrySetup.names.sorted())
    let pipeline = try SavedPipeline(folder: fetched.folder)
    #expect(pipeline.description.algorithm == .gaussianNaiveBayes)
    let names = setup.folder.names(below: "run").map { $0.replacing("run/", with: "") }
    #expect(
      setup.folder.names(below: "models")
        == (names + ["registry.json"]).sorted().map {
          "models/" + $0
        })
    for name in names {
      #expect(setup.folder.read("models/" + name) == setup.folder.read("run/" + name))
    }
    // Nothing else is left.
    #expect(!setup.folder.names().contains { $0.contains(".fetching") })
    #expect(try FetchRecord.read(folder: setup.output) == fetched.record)
  }

  @Test func `fetching downloads nothing when nothing is new`() async throws {
    let setup = try RegistrySetup()
    try await setup.publish(setup.log("run"))
    _ = try await setup.fetcher().fetch()
    let downloads = setup.requests("item/download")
    #expect(downloads == 5)
    let again = try await setup.fetcher().fetch()
    #expect(!again.hasChanged)
    #expect(again.record.version == "1.0.0")
    // By version it is the same set.
    let byVersion = try await setup.fetcher(.version(.first)).fetch()
    #expect(!byVersion.hasChanged)
    #expect(byVersion.record.stage == nil)
    #expect(try FetchRecord.read(folder: setup.output)?.stage == nil)
    #expect(setup.requests("item/download") == downloads)
  }

  @Test func `fetching repairs what was changed or removed in the folder`() async throws {
    let setup = try RegistrySetup()
    try await setup.publish(setup.log("run"))
    _ = try await setup.fetcher().fetch()
    setup.folder.write("{}", to: "models/scaler.json")
    #expect(try await setup.fetcher().fetch().hasChanged)
    #expect(setup.folder.read("models/scaler.json") == setup.folder.read("run/scaler.json"))
  }

  @Test func `fetching replaces the old set by the new one`() async throws {
    let setup = try RegistrySetup()
    try await setup.publish(setup.log("first"))
    _ = try await setup.fetcher().fetch()
    try await setup.publish(setup.log("second", seed: 2, columns: ["color"]))
    let fetched = try await setup.fetcher().fetch()
    #expect(fetched.hasChanged)
    #expect(fetched.record.version == "1.1.0")
    #expect(
      setup.folder.names(below: "models") == [
        "models/colorFeatureLabelEncoder.json", "models/labelEncoder.json",
        "models/model.safetensors", "models/registry.json", "models/scaler.json",
      ])
    #expect(!setup.folder.names().contains { $0.contains(".fetching") })
    let old = try await setup.fetcher(.version(.first)).fetch()
    #expect(old.record.version == "1.0.0")
    #expect(setup.folder.names(below: "models").count == 6)
  }

  @Test func `fetching warns where the parts' newest versions differ`() async throws {
    let setup = try RegistrySetup()
    try await setup.publish(setup.log("first"))
    let second = try await setup.publish(setup.log("second", seed: 2), to: nil)
    // One by one, as the original does it.
    let contents = try await setup.contents()
    for name in second.partNames where name.hasSuffix("encoder") {
      let new = try #require(contents.version(second.version, of: name))
      let old = try #require(contents.version(.first, of: name))
      try await setup.client.answer(to: .addStage("production", toVersion: new.item.id))
      try await setup.client.answer(to: .removeStage("production", fromVersion: old.item.id))
    }
    let fetched = try await setup.fetcher().fetch()
    #expect(fetched.record.version == nil)
    #expect(
      fetched.warnings == [
        "no version of all parts is in stage \"production\"; the newest of each was taken: "
          + "diamonds-model 1.0.0, diamonds-scaler 1.0.0, diamonds-label-encoder 1.1.0, "
          + "diamonds-clarity-feature-label-encoder 1.1.0, "
          + "diamonds-color-feature-label-encoder 1.1.0"
      ])
  }

  @Test func `fetching lists what the registry has when it lacks what was asked for`() async throws
  {
    let setup = try RegistrySetup()
    func error(_ choice: SetChoice, client: CometClient? = nil) async -> RegistryError? {
      await #expect(throws: RegistryError.self) {
        try await setup.fetcher(choice, client: client).fetch()
      }
    }
    let empty = await error(.stage("production"))
    #expect(empty?.exitStatus == 66)
    #expect(
      empty?.description
        == "the registry of workspace demo-ws has no model diamonds-model; its models: none")
    try await setup.publish(setup.log("run"), to: "staging")
    #expect(
      await error(.stage("production"))?.description
        == "diamonds-model has no version in stage \"production\"; its stages: staging (1.0.0)")
    let version = try #require(SemanticVersion("2.0.0"))
    #expect(
      await error(.version(version))?.description
        == "diamonds-model has no version 2.0.0; its versions: 1.0.0")
    let refused = await error(
      .stage("staging"), client: RegistrySetup.client(setup.server, key: "wrong"))
    #expect(refused?.exitStatus == 77)
    setup.server.stop()
    #expect(await error(.stage("staging"))?.exitStatus == 69)
    #expect(setup.folder.names().allSatisfy { !$0.hasPrefix("models") })
  }

  @Test(arguments: [
    Fault(.pageForZip, path: "registry-model/item/download", after: 2),
    Fault(.truncatedZip, path: "registry-model/item/download", after: 4),
    Fault(.truncatedAnswer, path: "registry-model/item/download"),
    Fault(.status(404), path: "registry-model/item/download", after: 1),
    Fault(.status(503, isPage: true), path: "registry-model*"),
    Fault(.resetAfter, path: "registry-model/item/download", after: 3),
  ])
  func `fetching changes nothing when anything fails`(fault: Fault) async throws {
    let setup = try RegistrySetup()
    try await setup.publish(setup.log("first"))
    _ = try await setup.fetcher().fetch()
    try await setup.publish(setup.log("second", seed: 2))
    let before = setup.folder.names(below: "models").map { setup.folder.read($0) }
    setup.server.setFaults([fault])
    let error = await #expect(throws: RegistryError.self) { try await setup.fetcher().fetch() }
    #expect([65, 69].contains(error?.exitStatus))
    #expect(!(error?.description.contains("\n") ?? true))
    #expect(setup.folder.names(below: "models").map { setup.folder.read($0) } == before)
    #expect(!setup.folder.names().contains { $0.contains(".fetching") })
    setup.server.setFaults([])
    #expect(try await setup.fetcher().fetch().record.version == "1.1.0")
  }

  @Test func `fetching leaves a folder alone that has anything else in it`() async throws {
    let setup = try RegistrySetup()
    try await setup.publish(setup.log("run"))
    setup.folder.makeFolder("models")
    setup.folder.write("mine", to: "models/notes.txt")
    let error = await #expect(throws: RegistryError.self) { try await setup.fetcher().fetch() }
    #expect(error?.exitStatus == 73)
    #expect(error?.description.contains("\"notes.txt\"") == true)
    #expect(setup.folder.text("models/notes.txt") == "mine")
    #expect(setup.requests("item/download") == 0)
  }

  @Test func `fetching replaces the folder in two steps where names cannot be exchanged`()
    async throws
  {
    let setup = try RegistrySetup()
    setup.folder.makeFolder("models")
    setup.folder.write("old", to: "models/a")
    let staging = try StagingFolder(for: setup.output)
    let name = try #require(staging.path.split(separator: "/").last)
    setup.folder.write("new", to: "\(name)/b")
    try staging.takePlaceInTwoSteps()
    #expect(setup.folder.names() == ["models/", "models/b"])
  }

  @Test func `fetching removes only what killed processes have left`() async throws {
    let setup = try RegistrySetup()
    try await setup.publish(setup.log("run"))
    setup.folder.makeFolder(".models.fetching-dead")
    setup.folder.write("x", to: ".models.fetching-dead/model.safetensors")
    let used = try StagingFolder(for: setup.output)
    let name = try #require(used.path.split(separator: "/").last.map(String.init))
    _ = try await setup.fetcher().fetch()
    #expect(setup.folder.names().filter { $0.contains(".fetching") } == [name + "/"])
    withExtendedLifetime(used) {}
  }

  @Test func `fetching ignores a record that was left unfinished`() async throws {
    let setup = try RegistrySetup()
    try await setup.publish(setup.log("run"))
    _ = try await setup.fetcher().fetch()
    setup.folder.write("{", to: "models/registry.json.partial")
    #expect(try await setup.fetcher().fetch().hasChanged == false)
    try await setup.publish(setup.log("other"))
    #expect(try await setup.fetcher().fetch().hasChanged)
    #expect(setup.folder.text("models/registry.json.partial") == nil)
  }

  @Test func `fetching may happen several times at once`() async throws {
    let setup = try RegistrySetup()
    try await setup.publish(setup.log("run"))
    let results = await withTaskGroup(of: Bool.self, returning: [Bool].self) { group in
      for _ in 0..<8 {
        group.addTask { (try? await setup.fetcher().fetch().record.version) == "1.0.0" }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.allSatisfy { $0 })
    #expect(try SavedPipeline(folder: setup.output).classNames.count == 2)
    #expect(!setup.folder.names().contains { $0.contains(".fetching") })
  }
}
