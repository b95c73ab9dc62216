import JSON
import Logging
import NIOCore
import PredictionService
import SavedModels
import Synchronization
import TestSupport
import Testing

@Suite struct `A newer model` {
  @Test func `is taken over between two requests, and never mixed with the old one`() async throws {
    let gold = try DiamondModels.small.get()
    let silver = try DiamondModels.silver.get()
    let service = ServiceFixture(gold, version: "1.0.0")
    let row = ServiceRequest(
      method: "POST", target: "/api/predict", contentType: "application/json",
      body: ByteBuffer(
        string: "["
          + [String](repeating: ServiceFixture.stone.json, count: 20)
          .joined(separator: ",") + "]"))
    let labels = [
      "1.0.0": try #require(JSONValue(service.responder.answer(row)).elements?[0]["label"]?.text),
      "2.0.0": "Silver",
    ]
    #expect(labels["1.0.0"] == "Gold")
    let watch = Watch()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var count = 0
          while count < 200 || !watch.isDone {
            count += 1
            let answer = service.responder.answer(row)
            let rows = JSONValue(answer).elements ?? []
            let versions = Set(rows.compactMap { $0["model"]?["version"]?.text })
            #expect(answer.status == 200 && rows.count == 20 && versions.count == 1)
            guard let version = versions.first else { return }
            #expect(rows.allSatisfy { $0["label"]?.text == labels[version] })
            watch.see(version)
            // There may be fewer threads than tasks.
            await Task.yield()
          }
        }
      }
      group.addTask {
        for turn in 0..<50 {
          let isNew = turn % 2 == 0
          service.models.take(
            ServedModel(
              isNew ? silver : gold,
              origin: .init(place: "x", version: isNew ? "2.0.0" : "1.0.0")))
          await Task.yield()
        }
        watch.end()
      }
    }
    #expect(watch.seen == ["1.0.0", "2.0.0"])
  }

  @Test func `comes from a folder once the folder has come to rest`() throws {
    let setup = try KeeperSetup()
    try setup.keeper.load()
    setup.keeper.lookAtFolder()
    #expect(setup.label == "Gold")
    try setup.write(DiamondModels.silver.get())
    // The first look sees that something changes, the second that it has ended.
    setup.keeper.lookAtFolder()
    #expect(setup.label == "Gold")
    setup.keeper.lookAtFolder()
    #expect(setup.label == "Silver")
    #expect(setup.metrics.contains("diamonds_model_refreshes_total{outcome=\"taken_over\"} 1"))
  }

  @Test func `that is damaged leaves the old one in service, and is told once`() throws {
    let setup = try KeeperSetup()
    try setup.keeper.load()
    setup.folder.write("{", to: "models/scaler.json")
    for _ in 0..<5 { setup.keeper.lookAtFolder() }
    #expect(setup.label == "Gold")
    #expect(setup.metrics.contains("diamonds_model_refreshes_total{outcome=\"failed\"} 1"))
    #expect(setup.metrics.contains("diamonds_model_refresh_failures 1"))
    try setup.write(DiamondModels.silver.get())
    for _ in 0..<2 { setup.keeper.lookAtFolder() }
    #expect(setup.label == "Silver")
    #expect(setup.metrics.contains("diamonds_model_refresh_failures 0"))
  }

  @Test func `that the registry has is fetched, then taken over`() async throws {
    let silver = try DiamondModels.silver.get()
    let setup = try KeeperSetup { try $0.write(silver) }
    try setup.keeper.load()
    #expect(await setup.keeper.refresh())
    #expect(setup.label == "Silver")
    #expect(await setup.keeper.refresh())
    #expect(setup.metrics.contains("{outcome=\"taken_over\"} 1"))
    #expect(setup.metrics.contains("{outcome=\"unchanged\"} 1"))
  }

  @Test func `that cannot be fetched leaves the old one in service`() async throws {
    struct Away: Error {}
    let setup = try KeeperSetup { _ in throw Away() }
    try setup.keeper.load()
    for _ in 0..<2 { #expect(await setup.keeper.refresh() == false) }
    #expect(setup.label == "Gold")
    #expect(setup.metrics.contains("diamonds_model_refresh_failures 2"))
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
      ModelFolder(folder.path + "/models"), for: service.responder, interval: 0, fetch: fetching,
      naming: { _ in .init(place: "test", version: "1") })
  }

  func write(_ pipeline: SavedPipeline) throws { try Files(folder: folder).write(pipeline) }

  /// What is predicted at the moment.
  var label: String? {
    let request = ServiceRequest(
      method: "POST", target: "/api/predict", contentType: "application/json",
      body: ByteBuffer(string: ServiceFixture.stone.json))
    return JSONValue(service.responder.answer(request))["label"]?.text
  }

  var metrics: String {
    String(
      buffer: service.responder.answer(ServiceRequest(method: "GET", target: "/metrics")).body)
  }
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

extension JSONValue {
  fileprivate init(_ answer: ServiceAnswer) {
    self = (try? JSONValue(parsing: answer.body.readableBytesView)) ?? .null
  }
}
