import CometStandIn
import TestSupport
import Testing

@Suite struct `The stand-in's faults` {
  private let body = #"{"workspaceName":"demo-ws","projectName":"p"}"#
  private let create = "write/experiment/create"

  private func count(_ fixture: StandInFixture) -> Int {
    fixture.server.state["experiments"]?.array?.count ?? 0
  }

  @Test func `the stand-in answers a status so many times, and takes nothing`() throws {
    let fixture = try StandInFixture()
    let headers = ["Retry-After-Custom": "0.2"]
    fixture.server.setFaults([
      Fault(.status(429, headers: headers), path: create, after: 1, times: 2)
    ])
    var statuses: [Int?] = []
    for _ in 0..<4 { statuses.append(fixture.post(create, body)?.status) }
    #expect(statuses == [200, 429, 429, 200])
    #expect(count(fixture) == 2)
    #expect(fixture.server.requests.filter(\.isAcknowledged).count == 2)
    fixture.server.setFaults([Fault(.status(502, isPage: true))])
    let page = fixture.post(create, body)
    #expect(page?.header("Content-Type") == "text/html")
    #expect(page?.body.hasPrefix("<!DOCTYPE html>") == true)
    fixture.server.setFaults([Fault(.status(429, headers: headers))])
    #expect(fixture.get("workspaces")?.header("retry-after-custom") == "0.2")
  }

  @Test func `the stand-in resets a connection before or after it has taken the request`() throws {
    let fixture = try StandInFixture()
    for (effect, isTaken) in [(Fault.Effect.resetBefore, false), (.resetAfter, true)] {
      fixture.server.reset()
      fixture.server.setFaults([Fault(effect, times: 1)])
      let client = RawClient(port: fixture.server.port)
      client.send(StandInFixture.text("POST", create, body))
      #expect(client.answer() == nil)
      #expect(client.wasReset)
      #expect(count(fixture) == (isTaken ? 1 : 0))
      let record = try #require(fixture.server.requests.first)
      #expect(record.isTaken == isTaken)
      #expect(!record.isAcknowledged)
      #expect(fixture.post(create, body)?.status == 200)
    }
  }

  @Test func `the stand-in cuts an answer short, sends it slowly, or sends it late`() throws {
    let fixture = try StandInFixture()
    fixture.server.setFaults([Fault(.truncatedAnswer, times: 1)])
    let cut = try #require(fixture.post(create, body))
    #expect(!cut.isWhole)
    #expect(fixture.server.requests.last?.isAcknowledged == false)
    // How long they take is not measured: the record says when the answer was out.
    for effect in [Fault.Effect.slowBody(bytesPerSecond: 2000), .latency(seconds: 0.05)] {
      fixture.server.setFaults([Fault(effect, times: 1)])
      #expect(fixture.post(create, body)?.isWhole == true)
      let record = try #require(fixture.server.requests.last)
      #expect(record.isAcknowledged)
      #expect(record.ended - record.began >= 0.05)
    }
    #expect(count(fixture) == 3)
  }

  @Test func `the stand-in cuts a zip, or sends a page in its place`() throws {
    let fixture = try StandInFixture()
    let key = fixture.experimentWithModel()
    let path = "experiment/model/download?experimentKey=\(key)&modelName=my-model"
    let whole = try #require(fixture.get(path)?.body)
    fixture.server.setFaults([Fault(.truncatedZip, times: 1), Fault(.pageForZip)])
    let cut = try #require(fixture.get(path))
    #expect(cut.isWhole)
    #expect(cut.body.utf8.count < whole.utf8.count)
    let page = try #require(fixture.get(path))
    #expect(page.status == 200)
    #expect(page.body.hasPrefix("<!DOCTYPE html>"))
    #expect(fixture.get("workspaces")?.json["workspaceNames"] != nil)
  }

  @Test func `the stand-in shows what was written only later`() throws {
    let fixture = try StandInFixture()
    fixture.server.setFaults([Fault(.delayedVisibility(seconds: 3600))])
    let key = fixture.experiment()
    let tags = #"{"experimentKey":"\#(key)","addedTags":["a"]}"#
    #expect(fixture.post("write/experiment/tags", tags)?.status == 200)
    #expect(fixture.get("experiment/tags?experimentKey=\(key)")?.code == 90211)
    fixture.server.setFaults([Fault(.delayedVisibility(seconds: 0))])
    #expect(fixture.get("experiment/tags?experimentKey=\(key)")?.json["tags"] == ["a"])
  }

  @Test func `the stand-in fails the same share of requests for the same seed`() throws {
    let fixture = try StandInFixture()
    func pattern(seed: UInt64) -> [Int?] {
      fixture.server.setFaults([Fault(.status(500), share: 1.0 / 3, seed: seed)])
      return (0..<90).map { _ in fixture.get("workspaces")?.status }
    }
    let first = pattern(seed: 1)
    #expect(first == pattern(seed: 1))
    #expect(first != pattern(seed: 2))
    #expect((15...45).contains(first.count { $0 == 500 }))
  }

  @Test func `the stand-in takes faults on a command line, and while it runs`() throws {
    #expect(
      try Fault(parsing: "status=429,retry-after=1,path=write/*,method=POST,after=2,times=3")
        == Fault(
          .status(429, headers: ["Retry-After": "1"]), path: "write/*", method: "POST",
          after: 2, times: 3))
    #expect(
      try Fault(parsing: "reset-after,share=0.5,seed=9") == Fault(.resetAfter, share: 0.5, seed: 9))
    for text in ["", "status=x", "latency=1,reset-before", "retry-after=1,latency=1", "else=1"] {
      #expect(throws: FaultError.self) { try Fault(parsing: text) }
    }
    let fixture = try StandInFixture()
    let faults = #"[{"status":503,"path":"workspaces","times":1},{"latency":0}]"#
    #expect(
      fixture.request("POST", "/control/faults", faults, key: nil)?.json["msg"]
        == "2 faults in force")
    #expect(fixture.get("workspaces")?.status == 503)
    #expect(fixture.get("workspaces")?.status == 200)
    #expect(fixture.request("POST", "/control/faults", "[{}]", key: nil)?.status == 400)
    let log = fixture.request("GET", "/control/requests", key: nil)?.json.array
    #expect(log?.map { $0["status"]?.int } == [503, 200])
    #expect(log?[1]["acknowledged"] == true)
  }
}
