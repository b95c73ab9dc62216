import Classifiers
import Datasets
import Evaluation
import Support
import TestSupport
import Testing

@testable import Comparison

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// What recorders were called with, in order.
private final class CallLog: Sendable {
  let calls = Mutex<[String]>([])

  func add(_ call: String) { calls.withLock { $0.append(call) } }
}

private struct LoggingRecorder: RunRecorder {
  let name: String
  let log: CallLog
  var failsAt: String?
  /// A call that lasts until another one has come, if that comes within ten seconds.
  var waiting: (at: String, until: String)?

  private func add(_ call: String) throws {
    if let waiting, call == waiting.at {
      let end = ContinuousClock.now + .seconds(10)
      while !log.calls.withLock({ $0.contains("\(name) \(waiting.until)") }), .now < end {
        usleep(1000)
      }
    }
    log.add("\(name) \(call)")
    if call == failsAt { throw FitError("\(name) \(call)") }
  }

  func begin(_ run: PreparedRun) throws { try add("begin") }
  func willFit(_ candidate: any Classifier) throws {
    try add("willFit \(type(of: candidate).algorithm.rawValue)")
  }
  func prepare(_ model: EvaluatedModel) throws { try add("prepare \(model.name)") }
  func record(_ model: EvaluatedModel) throws { try add("record \(model.name)") }
  func finish(_ document: ComparisonDocument) throws { try add("finish") }
}

@Suite struct `A run of the pipeline` {
  private let files = TemporaryFolder()

  init() {
    let rows = (0..<60).map {
      "\(($0 * 37) % 11),\(($0 % 2) * 3 + $0 % 5),\(["no", "yes"][$0 % 2])\n"
    }
    files.write("x,y,class\n" + rows.joined(), to: "table.csv")
  }

  private func prepared(
    _ conduct: RunConduct = RunConduct(threads: 1), folds: RunRequest.Folds? = nil,
    models: String = "GaussianNB,DecisionTreeClassifier"
  ) throws -> PreparedRun {
    var request = RunRequest.standard
    request.data = files.path + "/table.csv"
    request.target = TargetRule(column: "class", classes: [])
    request.folds = folds
    try request.choose(models: models, without: nil, settings: [])
    return try PreparedRun(request, conduct: conduct)
  }

  private func pipeline(
    _ run: PreparedRun, _ others: [any RunRecorder] = [], path: String = "run"
  ) throws -> RunPipeline {
    RunPipeline(
      run, folder: try RunFolder(path: files.path + "/" + path), others: others,
      progress: ProgressDisplay(.quiet))
  }

  @Test func `a run calls recorders in order, and at the end in reverse`() throws {
    let log = CallLog()
    let recorders = ["a", "b"].map { LoggingRecorder(name: $0, log: log) }
    let document = try pipeline(try prepared(), recorders).document()
    let models = ["GaussianNB", "DecisionTreeClassifier"]
    #expect(document.models.map(\.name) == models)
    var expected = ["a begin", "b begin"]
    for name in models {
      expected += ["a willFit \(name)", "b willFit \(name)"]
      expected += ["prepare \(name)", "record \(name)"].flatMap { ["a \($0)", "b \($0)"] }
    }
    #expect(log.calls.withLock { $0 } == expected + ["b finish", "a finish"])
  }

  @Test func `a run fits on while it records, and records nothing after a failure`() throws {
    let log = CallLog()
    let recorder = LoggingRecorder(
      name: "a", log: log, failsAt: "record GaussianNB",
      waiting: ("record GaussianNB", "willFit KNeighborsClassifier"))
    let run = try prepared(
      RunConduct(threads: 2), models: "GaussianNB,DecisionTreeClassifier,KNeighborsClassifier")
    #expect(throws: FitError.self) { try pipeline(run, [recorder]).document() }
    let calls = log.calls.withLock { $0 }
    let fit = try #require(calls.firstIndex(of: "a willFit KNeighborsClassifier"))
    #expect(try #require(calls.firstIndex(of: "a record GaussianNB")) > fit)
    #expect(calls.count { $0.hasPrefix("a record") } == 1)
    #expect(!calls.contains("a finish"))
  }

  @Test func `a run has a folder with its request, its models and its document`() throws {
    let run = try prepared()
    let document = try pipeline(run).document()
    #expect(
      files.names(below: "run").filter { !$0.dropFirst(4).dropLast().contains("/") } == [
        "run/DecisionTreeClassifier/", "run/GaussianNB/", "run/comparison.json", "run/metrics.txt",
        "run/report-data.json", "run/request.json",
      ])
    let folder = try RunFolder(resuming: files.path + "/run")
    #expect(try folder.requestDocument() == run.document)
    let finished = try FinishedRun(contentsOf: files.path + "/run")
    #expect(try finished.document.json() == document.json())
    #expect(finished.document.reportData == document.reportData)
    #expect(finished.document.reportData?.command == run.request.command)
  }

  @Test func `a run gives the same bytes on one thread and on two, resumed or not`() throws {
    let folds = RunRequest.Folds(count: 5)
    let whole = try pipeline(try prepared(folds: folds)).document()
    let conduct = RunConduct(threads: 2)
    let log = CallLog()
    let failing = LoggingRecorder(
      name: "a", log: log, failsAt: "record DecisionTreeClassifier")
    let stopped = try RunFolder(path: files.path + "/stopped")
    #expect(throws: FitError.self) {
      try RunPipeline(
        try prepared(conduct, folds: folds), folder: stopped, others: [failing],
        progress: ProgressDisplay(.quiet)
      ).document()
    }
    #expect(stopped.abandon() == ["GaussianNB", "DecisionTreeClassifier"])
    #expect(files.text("stopped/comparison.json") == nil)
    let resumed = try RunPipeline(
      try prepared(conduct, folds: folds), folder: RunFolder(resuming: files.path + "/stopped"),
      others: [], progress: ProgressDisplay(.quiet)
    ).document()
    #expect(resumed.statistics == whole.statistics)
    #expect(resumed.reportData == whole.reportData)
    #expect(resumed.models.map(\.validate) == whole.models.map(\.validate))
    let pairs = try #require(whole.crossValidation).pairs
    #expect(!pairs.isEmpty && resumed.crossValidation?.pairs == pairs)
    for name in ["GaussianNB/predictions.csv", "request.json", "report-data.json"] {
      let bytes = try #require(files.read("run/" + name))
      #expect(files.read("stopped/" + name) == bytes, "\(name)")
    }
  }

  @Test func `a run skips what a time budget has no room for, and says so`() throws {
    let document = try pipeline(
      try prepared(
        RunConduct(threads: 1, timeLimit: .zero, makesReport: false),
        folds: RunRequest.Folds(count: 3))
    ).document()
    #expect(document.models.map(\.name) == ["GaussianNB"])
    #expect(document.leftOut?.first == "DecisionTreeClassifier")
    #expect(document.leftOut?.last?.hasPrefix("6 of 6 fits on folds") == true)
    #expect(document.statistics == nil)
    #expect(document.reportData == nil)
  }

  @Test func `a run refuses a table before anything is written`() throws {
    var request = RunRequest.standard
    request.data = files.path + "/table.csv"
    #expect(throws: DatasetError.self) {
      try PreparedRun(request, conduct: RunConduct(threads: 1))
    }
    #expect(files.names() == ["table.csv"])
  }
}

@Suite struct `A time budget` {
  @Test func `a time budget always allows the first model, then those that begin before its end`() {
    let now = Mutex(ContinuousClock.now)
    let clock: @Sendable () -> ContinuousClock.Instant = { now.withLock { $0 } }
    let none = TimeBudget(nil, now: clock)
    let zero = TimeBudget(.zero, now: clock)
    let minute = TimeBudget(.seconds(60), now: clock)
    #expect(zero.allowsAnother())
    #expect(!zero.allowsAnother())
    now.withLock { $0 += .seconds(59) }
    #expect(minute.allowsAnother())
    #expect(minute.allowsAnother())
    now.withLock { $0 += .seconds(1) }
    #expect(!minute.allowsAnother())
    #expect(none.allowsAnother())
    #expect(TimeBudget(.zero, now: clock).allowsAnother())
    minute.skip("a")
    minute.skip("b")
    #expect(minute.skipped == ["a", "b"])
    #expect(none.skipped == [])
  }
}
