import CometStandIn
import JSON
import Support
import TestSupport
import Testing

@testable import Comet

/// Sending journals to a Comet on this machine that is as strict as the real one.
@Suite struct `Uploading` {
  private struct Setup {
    let server: StandInServer
    let transport: RetryingTransport
    let client: CometClient
    let uploader: ExperimentUploader

    init(
      faults: [Fault] = [], circuit: Circuit = Circuit(), key: String = StandInServer.defaultKey,
      policy: RetryPolicy = RetryPolicy(firstDelay: 0.01, longestDelay: 0.05, throttleDelay: 0.05)
    ) throws {
      var options = StandInOptions()
      options.faults = faults
      server = try StandInServer(options)
      let server = try #require(CometServer(server.url))
      transport = RetryingTransport(CurlTransport(), policy: policy, circuit: circuit)
      client = CometClient(server: server, key: APIKey(key), transport: transport)
      uploader = ExperimentUploader(client, transport)
    }

    /// What the server answers about an experiment, asked over a transport of its own.
    func read(_ path: String, _ key: String) throws -> JSON.JSONValue {
      server.setFaults([])
      let root = try #require(CometServer(server.url)).root
      let request = HTTPRequest(
        .get, "\(root)/api/rest/v2/experiment/\(path)experimentKey=\(key)",
        headers: [HTTPHeader("Authorization", StandInServer.defaultKey)])
      return try JSON.JSONValue(parsing: CurlTransport().answer(to: request).body)
    }

    /// How often each request was acknowledged, by path and body; signs of life, which are repeated as
    /// time goes by, count once.
    var acknowledged: [String: Int] {
      server.requests.filter(\.isAcknowledged).reduce(into: [:]) { counts, request in
        let query = request.query.map { "\($0)=\($1)" }.sorted().joined(separator: "&")
        let entry = "\(request.path)?\(query) \(request.body)"
        counts[entry] =
          request.path.hasSuffix("experiment/set-status") ? 1 : (counts[entry] ?? 0) + 1
      }
    }
  }

  @Test func `uploading sends everything once, and the end last`() throws {
    let (folder, journal) = try Sample.runFolder()
    defer { withExtendedLifetime(folder) {} }
    let setup = try Setup()
    setup.uploader.add(journal, folder: folder.path)
    setup.uploader.finish(within: 30)
    #expect(setup.uploader.failure == nil)
    #expect(setup.uploader.refusals.texts.isEmpty)
    #expect(journal.isFinished)
    // To make it, its tags, its events, its times and its status.
    #expect(setup.server.requests.count == Sample.events.count + 4)
    #expect(setup.server.requests.map(\.path).first == "write/experiment/create")
    #expect(setup.server.requests.map(\.path).last == "write/experiment/update-status")
    let key = try #require(journal.created?.key)
    #expect(try setup.read("tags?", key)["tags"] == ["RandomForest"])
    let metadata = try setup.read("metadata?", key)
    #expect(metadata["experimentName"] == "RandomForest")
    #expect(metadata["startTimeMillis"] == 1001)
    #expect(metadata["endTimeMillis"] == 1005)
    #expect(metadata["running"] == false && metadata["hasCrashed"] == false)
    let metrics = try setup.read("metrics/summary?", key)["values"]?.elements
    #expect(
      metrics?.compactMap { $0["name"]?.text }.sorted() == ["train_accuracy", "validate_loss"])
    #expect(try setup.read("asset/list?", key)["assets"]?.elements?.count == 2)
    let models = try setup.read("model?", key)["models"]?.elements
    #expect(models?.map { $0["modelName"] } == ["RandomForest"])
    #expect(try setup.read("html?", key)["html"] == "<b>ü</b>")
    #expect(
      try setup.read("output?", key)["output"]?.text?.contains("Model  Accuracy") == true)
  }

  @Test(arguments: [
    Fault(.status(503), times: 3), Fault(.status(429), times: 2),
    Fault(.status(429, headers: ["Retry-After": "0"]), after: 3, times: 2),
    Fault(.status(502, isPage: true), after: 2, times: 3), Fault(.resetBefore, share: 0.3, seed: 1),
    Fault(.slowBody(bytesPerSecond: 200), times: 3), Fault(.latency(seconds: 0.02)),
  ])
  func `uploading survives a fault and repeats nothing acknowledged`(fault: Fault) throws {
    let (folder, journal) = try Sample.runFolder()
    defer { withExtendedLifetime(folder) {} }
    let setup = try Setup(faults: [fault])
    setup.uploader.add(journal, folder: folder.path)
    setup.uploader.finish(within: 30)
    #expect(journal.isFinished)
    #expect(setup.acknowledged.count == Sample.events.count + 4)
    #expect(setup.acknowledged.filter { $0.value != 1 } == [:])
  }

  @Test func `uploading loses no event where one request in three fails`() throws {
    let folder = TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let journal = try ExperimentJournal(
      creating: folder.path + "/j.jsonl", experiment: Sample.experiment)
    for block in 0..<10 {
      try journal.append(
        (0..<1000).map {
          .metric("m", .integer(block * 1000 + $0), step: block * 1000 + $0, timestamp: 1)
        })
    }
    try journal.recordEnd(ExperimentEnd(time: 2000, hasCrashed: false))
    let setup = try Setup(
      faults: [Fault(.status(503), share: 1.0 / 3, seed: 7)],
      policy: RetryPolicy(maximumAttempts: 30, firstDelay: 0.001, longestDelay: 0.01))
    setup.uploader.add(journal, folder: folder.path)
    setup.uploader.finish(within: 120)
    #expect(journal.isFinished)
    let key = try #require(journal.created?.key)
    let points = try setup.read("metrics/get-metric?metricName=m&", key)["metrics"]?.elements
    #expect(points?.compactMap { $0["step"]?.wholeNumber }.sorted() == Array(0..<10_000))
  }

  @Test func `uploading continues where it was stopped, with the same experiment`() throws {
    let (folder, journal) = try Sample.runFolder()
    defer { withExtendedLifetime(folder) {} }
    let setup = try Setup(
      faults: [Fault(.status(503), after: 6)], circuit: Circuit(failureLimit: 3, patience: 0))
    setup.uploader.add(journal, folder: folder.path)
    setup.uploader.finish(within: 30)
    #expect(setup.uploader.failure?.kind == .unavailable)
    #expect(!journal.isFinished)
    let sent = journal.takenCount
    #expect(sent > 0 && sent < Sample.events.count)
    // The same as a process that comes later.
    setup.server.setFaults([])
    let transport = RetryingTransport(CurlTransport())
    let uploader = ExperimentUploader(
      CometClient(
        server: setup.client.server, key: APIKey(StandInServer.defaultKey), transport: transport),
      transport)
    uploader.add(journal, folder: folder.path)
    uploader.finish(within: 30)
    #expect(journal.isFinished)
    #expect(setup.acknowledged.count == Sample.events.count + 4)
    #expect(setup.acknowledged.filter { $0.value != 1 } == [:])
  }

  @Test func `uploading ends when the key is refused, at the beginning or in the middle`() throws {
    let (folder, journal) = try Sample.runFolder()
    defer { withExtendedLifetime(folder) {} }
    let wrong = try Setup(key: "another-key")
    wrong.uploader.add(journal, folder: folder.path)
    wrong.uploader.finish(within: 30)
    #expect(wrong.uploader.failure?.kind == .refusedKey)
    #expect(wrong.server.requests.count == 1)
    #expect(journal.created == nil)
    let later = try Setup(faults: [Fault(.status(401), after: 4)])
    later.uploader.add(journal, folder: folder.path)
    later.uploader.finish(within: 30)
    #expect(later.uploader.failure?.kind == .refusedKey)
    #expect(journal.created != nil)
    #expect(!journal.isFinished)
  }

  @Test func `uploading is not held up by what Comet refuses`() throws {
    let (folder, journal) = try Sample.runFolder()
    defer { withExtendedLifetime(folder) {} }
    let setup = try Setup(faults: [
      Fault(.status(400), path: "write/experiment/parameter", times: 1)
    ])
    setup.uploader.add(journal, folder: folder.path)
    setup.uploader.finish(within: 30)
    #expect(setup.uploader.failure == nil)
    #expect(setup.uploader.refusals.count == 1)
    #expect(journal.takenCount == Sample.events.count - 1)
    #expect(!journal.isFinished)
  }

  @Test func `uploading asks for the account's workspace, once, where none is given`() throws {
    let folder = TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let setup = try Setup()
    let journals = try ["a", "b"].map { name in
      var experiment = Sample.experiment
      experiment.workspace = nil
      let journal = try ExperimentJournal(
        creating: "\(folder.path)/\(name).jsonl", experiment: experiment)
      try journal.recordEnd(ExperimentEnd(time: 2000, hasCrashed: true))
      return journal
    }
    for journal in journals { setup.uploader.add(journal, folder: folder.path) }
    setup.uploader.finish(within: 30)
    #expect(journals.allSatisfy { $0.isFinished })
    let asked = setup.server.requests.filter { $0.path == "account-details" }
    #expect(asked.count == 1)
    let key = try #require(journals[0].created?.key)
    #expect(try setup.read("metadata?", key)["hasCrashed"] == true)
  }

  @Test func `uploading does not wait longer than it may`() throws {
    let (folder, journal) = try Sample.runFolder()
    defer { withExtendedLifetime(folder) {} }
    let setup = try Setup(faults: [Fault(.latency(seconds: 20))])
    setup.uploader.add(journal, folder: folder.path)
    setup.uploader.finish(within: 0.2)
    #expect(setup.uploader.failure == nil)
    #expect(!journal.isFinished)
  }
}
