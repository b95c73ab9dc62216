import Foundation
import TestSupport
import Testing

/// The built web service, over sockets.
@Suite(.timeLimit(.minutes(20))) struct `The web service` {
  private static let body =
    #"{"carat":0.23,"color":"E","clarity":"SI2","depth":61.5,"table":55,"price":326,"#
    + #""x":3.95,"y":3.98,"z":2.43}"#

  @Test func `the service answers requests on one connection until SIGTERM`() throws {
    let service = try RunningService()
    let client = RawClient(port: service.port)
    // Two at once: answers come in their order.
    client.send(Self.request() + "GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
    let prediction = try #require(client.answer())
    #expect(prediction.status == 200)
    #expect(prediction.body.contains("\"label\":\""))
    #expect(client.answer()?.body == "{\"status\":\"ok\"}\n")
    let check = try Program(
      ["--check", "--port", "\(service.port)"], in: service.folder, program: "diamonds-prediction")
    #expect(check.outcome().status == 0)
    service.program.signal(SIGTERM)
    let outcome = service.program.outcome()
    #expect(outcome.status == 0)
    // What was asked is in no log.
    #expect(!outcome.errors.contains("0.23"))
  }

  @Test func `the service finishes requests in progress when it stops, and is not ready any more`()
    throws
  {
    let service = try RunningService()
    let client = RawClient(port: service.port)
    let request = Self.request(headers: "Expect: 100-continue\r\n")
    client.send(String(request.dropLast(10)))
    // It has read the head.
    #expect(client.answer()?.status == 100)
    let other = RawClient(port: service.port)
    other.send(
      "GET /ready HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")
    #expect(other.answer()?.status == 100)
    service.program.signal(SIGTERM)
    // It takes no more connections.
    #expect(service.program.wait { !RawClient.isListening(port: service.port) })
    other.send("x")
    let readiness = other.answer()
    #expect(readiness?.status == 503 && readiness?.body.contains("stopping") == true)
    client.send(String(request.suffix(10)))
    let answer = client.answer()
    #expect(answer?.status == 200)
    #expect(answer?.header("connection") == "close")
    #expect(service.program.outcome().status == 0)
  }

  @Test func `the service refuses a body that is too large without reading it`() throws {
    let service = try RunningService()
    let client = RawClient(port: service.port)
    client.send(
      "POST /api/predict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        + "Content-Length: 2000000000\r\n\r\n")
    #expect(client.answer()?.status == 413)
    let chunked = RawClient(port: service.port)
    chunked.send("POST /predict HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    let chunk = String(repeating: "x", count: 100_000)
    for _ in 0..<20 { chunked.send("186a0\r\n" + chunk + "\r\n") }
    #expect(chunked.answer()?.status == 413)
  }

  @Test(arguments: ["nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n"])
  func `the service closes a connection that is not HTTP`(bytes: String) throws {
    let service = try RunningService()
    let client = RawClient(port: service.port)
    client.send(bytes)
    if let answer = client.answer() { #expect((400..<600).contains(answer.status)) }
    #expect(client.isClosed())
    let next = RawClient(port: service.port)
    next.send(Self.request())
    #expect(next.answer()?.status == 200)
  }

  @Test(arguments: ["0", "1"])
  func `the service loads a newer model of its folder on SIGHUP, or by itself`(
    refreshSeconds: String
  ) throws {
    let service = try RunningService(["MODEL_REFRESH_SECONDS": refreshSeconds])
    let before = service.version
    // A forest of other trees, and its preprocessing is the same.
    let other = try RunningService.trained(seed: 7)
    service.folder.write(
      other.read("run/RandomForest/model.safetensors") ?? [],
      to: "run/RandomForest/model.safetensors")
    if refreshSeconds == "0" { service.program.signal(SIGHUP) }
    #expect(service.program.wait { service.version != before })
    service.program.signal(SIGTERM)
    #expect(service.program.outcome().status == 0)
  }

  @Test func `the service writes its log as lines of JSON on request`() throws {
    let service = try RunningService(["LOG_FORMAT": "json"])
    service.program.signal(SIGTERM)
    let lines = service.program.outcome().errorLines
    #expect(lines.count >= 3)
    for line in lines {
      let entry = try #require(
        JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
      #expect(Set(["time", "level", "message"]).isSubset(of: entry.keys))
    }
  }

  @Test(
    arguments: [
      ([], [:], 78, "make demo"), (["--models", "nothing"], [:], 66, "scaler.json"),
      (["--port", "70000"], [:], 64, "--port"), ([], ["PORT": "x"], 78, "PORT must be"),
      (["--check", "--port", "1"], [:], 1, "port 1"),
    ] as [([String], [String: String], Int32, String)])
  func `the service says in a line what keeps it from running`(
    arguments: [String], variables: [String: String], status: Int32, words: String
  ) throws {
    let folder = TemporaryFolder()
    let program = try Program(
      arguments, in: folder, program: "diamonds-prediction", variables: variables)
    let outcome = program.outcome()
    #expect(outcome.status == status)
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.errors.contains(words))
  }

  @Test(arguments: ["no-such-host.invalid", "203.0.113.7", "256.1.1.1"])
  func `the service says that a host is none of this machine`(host: String) throws {
    let folder = try RunningService.trained(seed: 42)
    let program = try Program(
      ["--models", "run/RandomForest", "--port", "0", "--host", host], in: folder,
      program: "diamonds-prediction",
      variables: ["MODEL_REFRESH_SECONDS": "0"])
    let outcome = withExtendedLifetime(folder) { program.outcome() }
    #expect(outcome.status == 69)
    #expect(outcome.errorLines.last?.contains("give another --host") == true)
    #expect(outcome.errorLines.count { $0.contains("error") } == 1)
  }

  private static func request(headers: String = "") -> String {
    "POST /api/predict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + headers
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }
}

/// A service on a model of some rows, at a port of its own.
private final class RunningService {
  let folder: TemporaryFolder
  let program: Program
  let port: UInt16

  init(_ variables: [String: String] = ["MODEL_REFRESH_SECONDS": "0"]) throws {
    folder = try Self.trained(seed: 42)
    program = try Program(
      ["--models", "run/RandomForest", "--port", "0", "--host", "127.0.0.1"], in: folder,
      program: "diamonds-prediction", variables: variables)
    // It says on which port it listens.
    var port: UInt16?
    program.wait { [folder] in
      for name in folder.names() where name.hasPrefix(".errors-") {
        let text = folder.text(name) ?? ""
        guard let place = text.firstRange(of: "http://127.0.0.1:"),
          let end = text[place.upperBound...].firstIndex(where: { !$0.isNumber })
        else { continue }
        port = UInt16(text[place.upperBound..<end])
      }
      return port != nil
    }
    self.port = try #require(port)
  }

  deinit { program.signal(SIGKILL) }

  /// A folder with a run's forest.
  static func trained(seed: Int) throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    folder.writeDiamonds(1000)
    let outcome = try Program.run(
      [
        "--data", "diamonds.csv", "--models", "RandomForest", "--set",
        "RandomForest.n_estimators=5", "--seed", "\(seed)", "--output", "run", "--no-report",
        "--offline",
      ], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return folder
  }

  /// The version of the model that is served.
  var version: String? {
    let client = RawClient(port: port)
    client.send("GET /ready HTTP/1.1\r\nHost: a\r\n\r\n")
    return client.answer()?.body
  }
}
