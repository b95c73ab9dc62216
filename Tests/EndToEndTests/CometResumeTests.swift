import CometStandIn
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Runs with folds and divisions that are stopped and resumed, and what they log to Comet.
@Suite struct `A run that is resumed after a signal` {
  // In 200 rows, a fold can lack one of a feature's words.
  private static let options = [
    "--data", "diamonds.csv", "--drop", "color", "--drop", "clarity", "--set",
    "RandomForest.n_estimators=3", "--cross-validate", "5", "--repeats", "20", "--divisions",
    "3", "--output", "run",
  ]

  /// What a run that was not stopped leaves, by the experiment's name.
  private static let whole = Result<[String: Set<String>], any Error> {
    let run = try CometRun()
    let outcome = try Program(options, in: run.folder, variables: run.variables()).outcome()
    try #require(outcome.status == 0, "\(outcome.errors)")
    var stored: [String: Set<String>] = [:]
    for name in CometRun.names {
      let keys = CometLog.keys(run.server, name: name)
      stored[name] = CometLog.stored(run.server, experiment: try #require(keys.first))
    }
    run.server.stop()
    return stored
  }

  /// Starts a run and ends it by a signal when some of its folds are done.
  private func stop(_ run: CometRun, by signal: Int32, _ others: [String: String] = [:]) throws {
    let program = try Program(Self.options, in: run.folder, variables: run.variables(others))
    program.wait { foldCount(run) > 0 }
    program.signal(signal)
    let outcome = program.outcome()
    #expect(outcome.status == 128 + signal, "\(outcome.errors)")
  }

  private func foldCount(_ run: CometRun) -> Int {
    run.folder.names(below: "run").count { $0.contains("fold") && $0.hasSuffix(".json") }
  }

  @Test(arguments: [SIGKILL, SIGTERM])
  func `a resumed run logs the rest in the experiments that it has begun`(signal: Int32) throws {
    let run = try CometRun()
    try stop(run, by: signal)
    let resumed = try Program(
      ["--resume", "run", "--require-comet"], in: run.folder, variables: run.variables()
    ).outcome()
    #expect(resumed.status == 0, "\(resumed.errors)")
    let whole = try Self.whole.get()
    #expect(whole["GaussianNB"]?.contains { $0.contains(" divisions_accuracy_best ") } == true)
    for name in CometRun.names {
      let keys = CometLog.keys(run.server, name: name)
      try #require(keys.count == 1, "\(name)")
      #expect(CometLog.stored(run.server, experiment: keys[0]) == whole[name], "\(name)")
      let state = try #require(
        run.server.state["experiments"]?.array?.first {
          $0["experimentKey"]?.string == keys[0]
        })
      #expect(state["crashed"]?.bool == false)
    }
    #expect(try run.journals().count == CometRun.names.count)
    #expect(try run.journals().allSatisfy(\.isFinished))
    run.server.stop()
  }

  @Test func `a resumed run keeps one archive of each experiment without a connection`() throws {
    let run = try CometRun()
    defer { run.server.stop() }
    try stop(run, by: SIGKILL, ["COMET_OFFLINE": "true"])
    let variables = run.variables(["COMET_OFFLINE": "true"])
    for _ in 0..<2 {
      let resumed = try Program(["--resume", "run"], in: run.folder, variables: variables).outcome()
      #expect(resumed.status == 0, "\(resumed.errors)")
    }
    let names = run.folder.names(below: "run/comet")
    #expect(names.filter { $0.hasSuffix(".jsonl") }.count == CometRun.names.count)
    #expect(names.filter { $0.hasSuffix(".zip") }.count == CometRun.names.count)
    for journal in try run.journals() {
      let metrics = journal.entries.filter { $0.hasPrefix("metric") }
      #expect(Set(metrics).count == metrics.count, "\(journal.name)")
    }
    let upload = try run.startUpload().outcome()
    #expect(upload.status == 0, "\(upload.errors)")
    for name in CometRun.names { #expect(CometLog.keys(run.server, name: name).count == 1) }
  }

  @Test func `a resumed run that is stopped again does not lose what was logged`() throws {
    let run = try CometRun()
    defer { run.server.stop() }
    try stop(run, by: SIGKILL, ["COMET_OFFLINE": "true"])
    let before = try run.journals()
    let again = try Program(
      ["--resume", "run"], in: run.folder, variables: run.variables(["COMET_OFFLINE": "true"]))
    #expect(!before.isEmpty)
    let count = foldCount(run)
    again.wait { foldCount(run) > count }
    again.signal(SIGTERM)
    #expect(again.outcome().status == 143)
    for journal in before {
      let now = try #require(try run.journals().first { $0.name == journal.name })
      #expect(now.entries.starts(with: journal.entries), "\(journal.name)")
    }
  }
}
