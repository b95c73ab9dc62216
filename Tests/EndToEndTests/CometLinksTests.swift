import CometStandIn
import TestSupport
import Testing

@Suite struct `A run that is logged to Comet` {
  private static let key = "s3cr3tkey0123456789abcdef"

  private func run(faults: [Fault] = [], _ options: [String]) throws -> (
    outcome: Program.Outcome, folder: TemporaryFolder, server: StandInServer
  ) {
    var standIn = StandInOptions()
    standIn.apiKey = Self.key
    let server = try StandInServer(standIn)
    server.setFaults(faults)
    let folder = TemporaryFolder()
    folder.writeDiamonds(200)
    let outcome = try Program.run(
      ["--data", "diamonds.csv", "--models", "GaussianNB", "--output", "run"] + options,
      in: folder,
      variables: [
        "COMET_API_KEY": Self.key, "COMET_WORKSPACE": "demo-ws", "COMET_URL_OVERRIDE": server.url,
      ])
    return (outcome, folder, server)
  }

  // The second Comet makes its experiments long after the report is written.
  @Test(arguments: [[], [Fault(.latency(seconds: 0.4))]])
  func `the report of a run leads to its experiments`(faults: [Fault]) throws {
    let (outcome, folder, server) = try run(faults: faults, [])
    defer { server.stop() }
    #expect(outcome.status == 0)
    let experiments = try #require(server.state["experiments"]?.array)
    #expect(experiments.count == 1)
    let key = try #require(experiments.first?["experimentKey"]?.string)
    let report = try #require(folder.text("run/report.html"))
    #expect(report.contains("Experiment of GaussianNB"))
    #expect(report.contains("/demo-ws/compare-models/\(key)\""))
    // Made again from the folder alone, it leads there too.
    #expect(try Program.run(["report", "run", "--output", "again.html"], in: folder).status == 0)
    #expect(folder.text("again.html") == report)
  }

  @Test func `the baseline is an experiment only where that is asked for`() throws {
    let (outcome, folder, server) = try run(["--log-baseline"])
    defer { server.stop() }
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("Comet has 2 experiments:"))
    let journal = try #require(folder.text("run/comet/Baseline.jsonl"))
    for text in [
      #""paramName":"strategy","paramValue":"most_frequent""#, #""metricName":"accuracy""#,
      #""context":"validate""#,
    ] { #expect(journal.contains(text), "\(text)") }
    #expect(journal.contains(#"{"type":"finished""#))
  }
}
