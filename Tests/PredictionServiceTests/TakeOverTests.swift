import JSON
import Logging
import PredictionService
import SavedModels
import Support
import TestSupport
import Testing

@Suite struct `A newer model in the service` {
  @Test func `a newer model replaces the old one between two requests`() async throws {
    let gold = try DiamondModels.small.get()
    let silver = try DiamondModels.silver.get()
    let service = ServiceFixture(gold, version: "1.0.0")
    let rows = [String](repeating: ServiceFixture.stone.json, count: 20).joined(separator: ",")
    let labels = [
      "1.0.0": try #require(
        try await service.predict("[\(rows)]").json.elements?[0]["label"]?.text),
      "2.0.0": "Silver",
    ]
    #expect(labels["1.0.0"] == "Gold")
    let watch = Watch()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var count = 0
          while count < 200 || !watch.isDone {
            count += 1
            let (status, json) = try await service.predict("[\(rows)]")
            let answers = json.elements ?? []
            let versions = Set(answers.compactMap { $0["model"]?["version"]?.text })
            #expect(status == 200 && answers.count == 20 && versions.count == 1)
            guard let version = versions.first else { return }
            #expect(answers.allSatisfy { $0["label"]?.text == labels[version] })
            watch.see(version)
            // There may be fewer threads than tasks.
            await Task.yield()
          }
        }
      }
      group.addTask {
        for turn in 0..<50 {
          let isNew = turn % 2 == 0
          service.state.serve(
            ServedModel(
              isNew ? silver : gold,
              origin: .init(place: "x", version: isNew ? "2.0.0" : "1.0.0")))
          await Task.yield()
        }
        watch.end()
      }
      try await group.waitForAll()
    }
    #expect(watch.seen == ["1.0.0", "2.0.0"])
  }

  @Test func `a newer model is loaded once its folder stays unchanged`() async throws {
    let setup = try KeeperSetup()
    try setup.keeper.load()
    setup.keeper.lookAtFolder()
    #expect(try await setup.label == "Gold")
    try setup.write(DiamondModels.silver.get())
    // The first look sees that something changes, the second that it has ended.
    setup.keeper.lookAtFolder()
    #expect(try await setup.label == "Gold")
    setup.keeper.lookAtFolder()
    #expect(try await setup.label == "Silver")
    #expect(
      try await setup.metrics.contains("diamonds_model_refreshes_total{outcome=\"taken_over\"} 1"))
  }

  @Test func `a damaged newer model leaves the old one in service`() async throws {
    let setup = try KeeperSetup()
    try setup.keeper.load()
    setup.folder.write("{", to: "models/scaler.json")
    for _ in 0..<5 { setup.keeper.lookAtFolder() }
    #expect(try await setup.label == "Gold")
    #expect(
      try await setup.metrics.contains("diamonds_model_refreshes_total{outcome=\"failed\"} 1"))
    #expect(try await setup.metrics.contains("diamonds_model_refresh_failures 1"))
    try setup.write(DiamondModels.silver.get())
    for _ in 0..<2 { setup.keeper.lookAtFolder() }
    #expect(try await setup.label == "Silver")
    #expect(try await setup.metrics.contains("diamonds_model_refresh_failures 0"))
  }

  @Test func `a newer model of the registry is downloaded, then loaded`() async throws {
    let silver = try DiamondModels.silver.get()
    let setup = try KeeperSetup { try $0.write(silver) }
    try setup.keeper.load()
    #expect(await setup.keeper.refresh())
    #expect(try await setup.label == "Silver")
    #expect(await setup.keeper.refresh())
    #expect(try await setup.metrics.contains("{outcome=\"taken_over\"} 1"))
    #expect(try await setup.metrics.contains("{outcome=\"unchanged\"} 1"))
  }

  @Test func `a newer model that cannot be downloaded leaves the old one in service`() async throws
  {
    struct Away: Error {}
    let setup = try KeeperSetup { _ in throw Away() }
    try setup.keeper.load()
    for _ in 0..<2 { #expect(await setup.keeper.refresh() == false) }
    #expect(try await setup.label == "Gold")
    #expect(try await setup.metrics.contains("diamonds_model_refresh_failures 2"))
  }
}

/// What several tasks have seen, and whether there is more to come.
private final class Watch: Sendable {
  private let state = Mutex<(isDone: Bool, seen: Set<String>)>((false, []))

  var isDone: Bool { state.withLock { $0.isDone } }
  var seen: Set<String> { state.withLock { $0.seen } }
  func end() { state.withLock { $0.isDone = true } }
  func see(_ version: String) { state.withLock { _ = $0.seen.insert(version) } }
}

/// A keeper on a folder of a test's own.
private final class KeeperSetup: Sendable {
  let folder = TemporaryFolder()
  let service = ServiceFixture(nil)
  let keeper: ModelKeeper

  /// - Parameter fetch: what the registry does when it is asked.
  init(fetch: (@Sendable (Files) throws -> Void)? = nil) throws {
    folder.makeFolder("models")
    let files = Files(folder: folder)
    try files.write(DiamondModels.small.get())
    var fetching: ModelKeeper.Fetch?
    if let fetch {
      fetching = {
        try fetch(files)
        return []
      }
    }
    keeper = ModelKeeper(
      ModelFolder(folder.path + "/models"), for: service.state, interval: 0, fetch: fetching,
      naming: { _ in .init(place: "test", version: "1") })
  }

  func write(_ pipeline: SavedPipeline) throws { try Files(folder: folder).write(pipeline) }

  /// What is predicted at the moment.
  var label: String? {
    get async throws { try await service.predict(ServiceFixture.stone.json).json["label"]?.text }
  }

  var metrics: String { get async throws { try await service.ask("GET", "/metrics").body } }
}

/// The files of the folder.
private struct Files: Sendable {
  let folder: TemporaryFolder

  func write(_ pipeline: SavedPipeline) throws {
    for (name, bytes) in try pipeline.files() where folder.read("models/" + name) != bytes {
      folder.write(bytes, to: "models/" + name)
    }
  }
}
