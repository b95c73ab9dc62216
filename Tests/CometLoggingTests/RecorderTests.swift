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

@Suite struct `The destination of logs` {
  @Test func `logs stay offline without a key, on request, and where the settings say so`() throws {
    func destination(offline: Bool = false, _ values: [Setting: String]) throws -> CometDestination
    {
      try CometDestination(Settings { values[$0] }, isOffline: offline, program: "test")
    }
    let key = [Setting.cometAPIKey: "0123456789abcdef"]
    #expect(try destination([:]).connection == nil)
    #expect(try destination(key).connection != nil)
    #expect(try destination(offline: true, key).connection == nil)
    #expect(try destination(key.merging([.cometOffline: "true"]) { $1 }).connection == nil)
  }

  @Test func `what needs Comet is refused without a connection`() throws {
    let none = try Settings { _ in nil }
    let required = #expect(throws: ConfigurationError.self) {
      try CometDestination(none, isRequired: true, program: "test")
    }
    #expect(required?.description.hasPrefix("--require-comet needs COMET_API_KEY") == true)
    let register = #expect(throws: ConfigurationError.self) {
      try CometDestination(none, program: "test").connectionToRegister()
    }
    #expect(register?.description.hasPrefix("--register needs COMET_API_KEY") == true)
    let key = try Settings { [.cometAPIKey: "0123456789abcdef"][$0] }
    _ = try CometDestination(key, isRequired: true, program: "test").connectionToRegister()
  }

  @Test(
    arguments: [
      ("", nil, false, "--comet-workspace must be a name."),
      (nil, "", false, "--comet-project must be a name."),
      (nil, nil, true, "--offline and --require-comet exclude each other."),
    ] as [(String?, String?, Bool, String)])
  func `options for the destination of logs that have no meaning are refused`(
    workspace: String?, project: String?, isBoth: Bool, problem: String
  ) {
    let error = #expect(throws: ConfigurationError.self) {
      try CometDestination.check(
        workspace: workspace, project: project, isOffline: isBoth, isRequired: isBoth)
    }
    #expect(error?.description == problem)
  }

  @Test func `options for the destination of logs come before settings`() throws {
    let settings = try Settings { [.cometWorkspace: "w", .cometProject: "p"][$0] }
    let standard = try CometDestination(settings, program: "test")
    #expect(standard.workspace == "w")
    #expect(standard.project == "p")
    let typed = try CometDestination(
      settings, workspace: "v", project: "q", program: "test")
    #expect(typed.workspace == "v")
    #expect(typed.project == "q")
    #expect(try CometDestination(Settings { _ in nil }, program: "t").project == "compare-models")
  }
}

@Suite struct `The command that registers a run` {
  @Test func `the command that registers a run has only what differs from the defaults, quoted`() {
    #expect(
      RegistrationChoice().command(for: "runs/a", data: "data/diamonds.csv")
        == "compare-models register runs/a")
    var rule = PromotionRule(metric: .accuracy)
    rule.guards = [PromotionRule.Limit(.f1, 0.01)]
    rule.requirements = [PromotionRule.Limit(.recall, 0.7)]
    rule.comparisonsPerYear = 12
    let choice = RegistrationChoice(
      stage: "production", metric: .accuracy, promotion: rule, prefix: "my stones")
    #expect(
      choice.command(for: "runs/a b", data: "x.csv")
        == "compare-models register 'runs/a b' --stage production --select-by accuracy "
        + "--promote-if-better --guard f1=0.01 --require recall=0.7 --comparisons-per-year 12 "
        + "--registry-prefix 'my stones' --data x.csv")
    #expect(!RegistrationChoice().isGiven)
    #expect(choice.isGiven)
    #expect(RegistrationChoice(promotion: rule).stageToGive == "production")
  }

  private func choice(
    stage: String? = nil, promotes: Bool = false, guards: [PromotionRule.Limit] = [],
    count: Int? = nil, explained: Bool = false, prefix: String = SetNames.standardPrefix
  ) throws -> RegistrationChoice {
    try RegistrationChoice(
      stage: stage, metric: .f1, promotesIfBetter: promotes, guards: guards, requirements: [],
      comparisonsPerYear: count, isExplained: explained, isRefitted: false, prefix: prefix)
  }

  @Test func `options of registering that have no meaning are refused in their own words`() throws {
    let ruled =
      "--guard, --require, --comparisons-per-year and --explain go with --promote-if-better."
    let refused: [(String, () throws -> RegistrationChoice)] = [
      ("--stage must be a name.", { try choice(stage: "") }),
      ("--stage must be a name without a colon.", { try choice(stage: "comparison:2026-1") }),
      ("--comparisons-per-year must be at least 1.", { try choice(promotes: true, count: 0) }),
      (ruled, { try choice(count: 5) }), (ruled, { try choice(explained: true) }),
      (ruled, { try choice(guards: [PromotionRule.Limit(.f1, 0.1)]) }),
      ("--registry-prefix must have a letter or a digit.", { try choice(prefix: "//") }),
    ]
    for (problem, choice) in refused {
      let error = #expect(throws: RequestError.self, "\(problem)") { try choice() }
      #expect(error?.description == problem)
    }
    #expect(try choice() == RegistrationChoice())
    #expect(try choice(promotes: true, count: 12).promotion?.comparisonsPerYear == 12)
    try choice().checkIsUsed(isRegistered: false)
    try choice(stage: "x").checkIsUsed(isRegistered: true)
    let unused = #expect(throws: RequestError.self) {
      try choice(stage: "x").checkIsUsed(isRegistered: false)
    }
    #expect(unused?.description.hasSuffix("go with --register.") == true)
  }
}

@Suite struct `A Git repository` {
  private let files = TemporaryFolder()
  private let commit = String(repeating: "ab", count: 20)

  @Test func `a Git repository's remote is shown without its password`() {
    files.makeFolder(".git")
    files.write("ref: refs/heads/main\n", to: ".git/HEAD")
    files.write("# packed\n\(commit) refs/heads/main\n", to: ".git/packed-refs")
    files.write(
      """
      [user]
        name = A Person
      [remote "up"]
        url = https://me:secret@example.com/x.git
      [branch "main"]
        remote = up
      """, to: ".git/config")
    files.makeFolder("inner")
    let metadata = GitRepository.metadata(of: files.path + "/inner")
    #expect(
      metadata
        == ExperimentEvent.GitMetadata(
          user: "A Person", branch: "refs/heads/main", parent: commit,
          origin: "https://example.com/x.git"))
  }

  @Test func `a Git repository without a commit is not described`() {
    files.makeFolder(".git")
    files.write("ref: refs/heads/main\n", to: ".git/HEAD")
    #expect(GitRepository.metadata(of: files.path) == nil)
  }

  @Test func `damaged files of a Git repository are described as far as they can be read`() throws {
    files.makeFolder(".git")
    let originals = [
      "HEAD": "ref: refs/heads/main\n", "packed-refs": "# packed\n\(commit) refs/heads/main\n",
      "config": "[user]\n\tname = A Person\n[remote \"origin\"]\n\turl = https://a:b@x.org/y\n",
    ].mapValues { Array($0.utf8) }
    var describedCount = 0
    let count = Mutator.count(usually: 1000)
    for number in 0..<count {
      var mutator = Mutator(seed: UInt64(number))
      for (name, bytes) in originals {
        let isDamaged = name == ["HEAD", "packed-refs", "config"][number % 3]
        files.write(
          isDamaged ? mutator.mutant(of: bytes, other: bytes) : bytes, to: ".git/" + name)
      }
      if GitRepository.metadata(of: files.path) != nil { describedCount += 1 }
    }
    #expect(describedCount > count / 3)
  }
}
