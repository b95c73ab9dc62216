import Classifiers
import Comet
import CometStandIn
import Comparison
import Datasets
import Foundation
import ModelRegistry
import Support
import TestSupport
import Testing

@testable import CometLogging

/// Logging a small run to a Comet on this machine, or to archives.
@Suite struct `A run's recorder for Comet` {
  private let files = TemporaryFolder()

  init() {
    let rows = (0..<60).map {
      "\(($0 * 37) % 11),\(($0 % 2) * 3 + $0 % 5),\(["no", "yes"][$0 % 2])\n"
    }
    files.write("x,y,class\n" + rows.joined(), to: "table.csv")
  }

  private func destination(_ server: StandInServer? = nil) throws -> CometDestination {
    try CometDestination(
      Settings { setting in
        switch setting {
        case .cometAPIKey: server.map { _ in StandInServer.defaultKey }
        case .cometURLOverride: server?.url
        case .cometWorkspace: "demo-ws"
        default: nil
        }
      }, program: "test")
  }

  private func prepared(_ conduct: RunConduct = RunConduct(threads: 1)) throws -> PreparedRun {
    var request = RunRequest.standard
    request.data = files.path + "/table.csv"
    request.target = TargetRule(column: "class", classes: [])
    try request.choose(models: "GaussianNB", without: nil, settings: [])
    return try PreparedRun(request, conduct: conduct)
  }

  /// Waits until nobody has a journal any more: the threads that send may have it a little longer than the
  /// recorder.
  private func waitUntilReleased(_ name: String) throws {
    for _ in 0..<6000 {
      do throws(JournalError) {
        _ = try ExperimentJournal(continuing: files.path + "/" + name)
        return
      } catch {
        guard error.kind == .inUse else { return }
        usleep(10_000)
      }
    }
    Issue.record("\(name) is in use after a minute")
  }

  private func log(
    to destination: CometDestination, baseline: Bool = false
  ) throws -> CometOutcome {
    let folder = try RunFolder(path: files.path + "/run")
    let recorder = CometRecorder(
      folder: folder, destination: destination, logsBaseline: baseline)
    let progress = ProgressDisplay(.quiet)
    _ = try RunPipeline(
      try prepared(), folder: folder, others: [recorder], progress: progress
    ).document()
    return try recorder.conclude(output: "table\n", telling: progress)
  }

  @Test func `without a connection, the recorder keeps everything in archives`() throws {
    let outcome = try log(to: destination(), baseline: true)
    #expect(outcome.experimentCount == 2)
    #expect(outcome.undeliveredCount == 2)
    #expect(!outcome.isBad)
    let progress = ProgressDisplay(.quiet)
    try outcome.tell(progress, requiresAll: false) { Issue.record("\($0)") }
    #expect(throws: ToldFailure(exitStatus: 69)) {
      try outcome.tell(progress, requiresAll: true) { Issue.record("\($0)") }
    }
    #expect(outcome.message.contains("upload \(files.path)/run"))
    #expect(outcome.status(requiringAll: true) == 69)
    let names = files.names(below: "run/comet")
    #expect(names.count { $0.hasSuffix(".zip") } == 2)
    let journal = try #require(files.text("run/comet/GaussianNB.jsonl"))
    for part in ["var_smoothing", "accuracy", "predictions.csv", "roc-curve", "table\\n"] {
      #expect(journal.contains(part), "\(part)")
    }
  }

  @Test func `the recorder sends everything and knows the experiments`() throws {
    let server = try StandInServer()
    let outcome = try log(to: destination(server))
    #expect(outcome.undeliveredCount == 0)
    #expect(outcome.links.count == 1)
    #expect(outcome.experimentKeys.keys.sorted() == ["GaussianNB"])
    #expect(outcome.status(requiringAll: true) == 0)
    #expect(!files.names(below: "run/comet").contains { $0.hasSuffix(".zip") })
    // Of a copy, since this process still has the journal.
    let copy = files.path + "/copy"
    try FileManager.default.copyItem(atPath: files.path + "/run", toPath: copy)
    #expect(try RunExperiments(of: copy).key(of: "GaussianNB") != "")
    let missing = #expect(throws: RegistryError.self) {
      try RunExperiments(of: copy).key(of: "RandomForest")
    }
    #expect(missing?.kind == .missing)
  }

  @Test func `resuming a run logs nothing twice`() throws {
    let run = try prepared()
    do {
      let folder = try RunFolder(path: files.path + "/run")
      let recorder = CometRecorder(folder: folder, destination: try destination())
      _ = try RunPipeline(
        run, folder: folder, others: [recorder], progress: ProgressDisplay(.quiet)
      ).document()
      recorder.abandon()
    }
    let before = try #require(files.text("run/comet/GaussianNB.jsonl"))
    try waitUntilReleased("run/comet/GaussianNB.jsonl")
    let resumed = try RunFolder(resuming: files.path + "/run")
    let again = CometRecorder(folder: resumed, destination: try destination())
    _ = try RunPipeline(
      run, folder: resumed, others: [again], progress: ProgressDisplay(.quiet)
    ).document()
    _ = try again.conclude(output: "", telling: ProgressDisplay(.quiet))
    #expect(files.names(below: "run/comet").count { $0.hasSuffix(".jsonl") } == 1)
    let after = try #require(files.text("run/comet/GaussianNB.jsonl"))
    func count(_ text: String) -> Int {
      text.split(separator: "\n").count { $0.contains("\"fit_seconds\"") }
    }
    #expect(count(before) == 1)
    #expect(count(after) == 1)
  }

  @Test func `a journal that this process holds is neither sent nor taken a second time`() throws {
    let server = try StandInServer()
    let connection = try #require(try destination(server).connection)
    let run = try prepared()
    let folder = try RunFolder(path: files.path + "/run")
    let holder = CometRecorder(folder: folder, destination: try destination())
    try folder.begin(run)
    try holder.begin(run)
    let journal = "run/comet/GaussianNB.jsonl"
    let before = try #require(files.read(journal))

    let sending = #expect(throws: JournalError.self) {
      try KeptExperiments(at: [files.path + "/run"]).send(
        over: connection, to: ExperimentUploader.Target(), ProgressDisplay(.quiet),
        tell: { _ in }, warn: { _ in })
    }
    #expect(sending?.kind == .inUse)
    #expect(server.requests.isEmpty)

    let second = CometRecorder(
      folder: try RunFolder(resuming: files.path + "/run"), destination: try destination())
    let taking = #expect(throws: JournalError.self) { try second.begin(run) }
    #expect(taking?.kind == .inUse)
    #expect(files.read(journal) == before)
    #expect(files.names(below: "run/comet") == [journal])
    withExtendedLifetime(holder) {}
  }

  @Test func `a run that is abandoned before its first model leaves nothing`() throws {
    let run = try prepared()
    let folder = RunFolder(unusedFrom: files.path + "/runs/new")
    let recorder = CometRecorder(folder: folder, destination: try destination())
    try folder.begin(run)
    try recorder.begin(run)
    #expect(files.names(below: "runs/new").contains("runs/new/comet/GaussianNB.jsonl"))
    let kept = KeptResults(abandoning: folder, recorder)
    #expect(kept.models == [])
    #expect(!kept.isWorthSending)
    #expect(kept.interruption == "interrupted before a model was finished; nothing was kept")
    #expect(files.names() == ["table.csv"])
    // What comes later is not written.
    try recorder.begin(run)
    #expect(files.names() == ["table.csv"])
  }

  /// The folder was once left with Comet's files alone, which could neither be resumed nor be used again.
  @Test func `a run that is abandoned when Comet has its experiments can be resumed`() throws {
    let server = try StandInServer()
    let run = try prepared()
    let folder = try RunFolder(path: files.path + "/run")
    let recorder = CometRecorder(folder: folder, destination: try destination(server))
    try folder.begin(run)
    try recorder.begin(run)
    let end = ContinuousClock.now + .seconds(60)
    while files.text("run/comet/GaussianNB.jsonl")?.contains("\"created\"") != true, .now < end {
      usleep(1000)
    }
    let kept = KeptResults(abandoning: folder, recorder)
    #expect(kept.models == [])
    #expect(kept.isWorthSending)
    let path = files.path + "/run"
    #expect(
      kept.interruption
        == "interrupted; no model is finished; to go on: compare-models --resume \(path); "
        + "for Comet: compare-models upload \(path)")
    #expect(UnfinishedRun(FitError("no"), kept).description.contains("--resume \(path)"))
    #expect(try RunFolder(resuming: files.path + "/run").requestDocument() == run.document)
  }

  @Test func `the recorder begins experiments one by one within a time budget`() throws {
    let run = try prepared(RunConduct(threads: 1, timeLimit: .seconds(60)))
    let folder = try RunFolder(path: files.path + "/run")
    let recorder = CometRecorder(folder: folder, destination: try destination())
    try folder.begin(run)
    try recorder.begin(run)
    #expect(files.text("run/comet/GaussianNB.jsonl") == nil)
    try recorder.willFit(run.candidates[0])
    #expect(files.text("run/comet/GaussianNB.jsonl") != nil)
  }
}

@Suite struct `What a run that failed leaves` {
  private struct Refused: ExitStatusProviding, CustomStringConvertible {
    let description = "no"
    let exitStatus: Int32 = 73
  }

  @Test func `a failed run tells what was kept, and keeps its exit status`() throws {
    let files = TemporaryFolder()
    let folder = try RunFolder(path: files.path + "/run")
    let settings = try Settings { _ in nil }
    let recorder = CometRecorder(
      folder: folder, destination: try CometDestination(settings, program: "test"))
    let error = UnfinishedRun(Refused(), KeptResults(abandoning: folder, recorder))
    #expect(error.description == "no")
    #expect(error.exitStatus == 73)
    struct Unknown: Error {}
    #expect(UnfinishedRun(Unknown(), KeptResults(abandoning: folder, recorder)).exitStatus == 70)
    #expect(KeptResults(abandoning: folder, recorder).interruption.hasPrefix("interrupted before"))
  }
}
