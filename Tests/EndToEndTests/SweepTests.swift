import CometStandIn
import Foundation
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

@Suite struct `A sweep of the program` {
  private static let options = [
    "sweep", "--data", "diamonds.csv", "--models", "RandomForest,GaussianNB", "--set",
    "RandomForest.n_estimators=3,30", "--set", "RandomForest.max_depth=4,none", "--seeds", "1...3",
    "--cross-validate", "2",
  ]

  /// The files of a sweep's folder, without those that have seconds.
  private static func files(_ folder: TemporaryFolder, _ name: String) -> [String: [UInt8]] {
    Dictionary(
      uniqueKeysWithValues: folder.names(below: name)
        .filter {
          !$0.hasSuffix("/") && !$0.hasSuffix("timing.json") && !$0.hasSuffix("timings.csv")
        }
        .map { (String($0.dropFirst(name.count)), folder.read($0) ?? []) })
  }

  @Test func `a sweep ends with a ranking, and with the same bytes from three shards`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(1000)
    let outcome = try Program.run(Self.options + ["--output", "one"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines[0].split(separator: " ").prefix(2) == ["Rank", "Candidate"])
    #expect(lines[1].hasPrefix("1     RandomForest-"))
    #expect(outcome.output.contains("has the best accuracy"))
    #expect(outcome.errorLines.last == "Results are in one")
    // Again: everything is there already.
    let again = try Program.run(
      Self.options + ["--output", "one", "--verbose", "--format", "csv"], in: folder)
    #expect(again.status == 0)
    #expect(again.errorLines.filter { $0.contains("done before") }.count == 30)
    #expect(again.output == folder.text("one/ranking.csv"))

    for shard in 1...3 {
      let part = try Program.run(
        Self.options + ["--output", "s"], in: folder,
        variables: [
          "SLURM_ARRAY_TASK_ID": "\(shard * 2 + 4)", "SLURM_ARRAY_TASK_COUNT": "3",
          "SLURM_ARRAY_TASK_MIN": "6", "SLURM_ARRAY_TASK_STEP": "2",
        ])
      #expect(part.status == 0)
      #expect(part.errors.contains("shard \(shard)/3 (SLURM_ARRAY_TASK_ID)"), "\(part.errors)")
    }
    let merged = try Program.run(["merge", "s"], in: folder)
    #expect(merged.output == outcome.output)
    #expect(Self.files(folder, "s") == Self.files(folder, "one"))
  }

  @Test func `a nested sweep says what the choice is worth, and is continued as one`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(1000)
    let options = Self.options + ["--nested", "2", "--output"]
    let outcome = try Program.run(options + ["s"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    // Per seed two folds of all rows, and for each of two outer folds two more and itself.
    #expect(outcome.errors.contains("Sweep of \(5 * 3 * (2 + 2 * 3)) runs in s"))
    let text = outcome.output.replacing("\n", with: " ")
    #expect(
      text.contains("What this choice of the best of 5 candidates is worth: accuracy 0."), "\(text)"
    )
    #expect(
      text.contains("over 6 outer folds (2 for each of 3 seeds), whose rows had no part in it."))
    for shard in 1...2 {
      let part = try Program.run(options + ["parts", "--shard", "\(shard)/2"], in: folder)
      #expect(part.status == 0, "\(part.errors)")
    }
    let merged = try Program.run(["merge", "parts", "--format", "markdown"], in: folder)
    #expect(merged.output.contains("\n\nWhat this choice of the best of 5 candidates is worth: "))
    #expect(Self.files(folder, "parts") == Self.files(folder, "s"))
    let other = try Program.run(Self.options + ["--output", "s"], in: folder)
    #expect(other.status == 64)
    #expect(
      other.errors.contains("expected --nested 2, as the sweep there began, found no --nested"))
  }

  @Test func `a sweep is divided by a Kubernetes Indexed Job, and joined by merge`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(600)
    _ = try Program.run(Self.options + ["--output", "one"], in: folder)
    for index in 0..<4 {
      let part = try Program.run(
        Self.options + ["--output", "part-\(index)"], in: folder,
        variables: ["JOB_COMPLETION_INDEX": "\(index)", "JOB_COMPLETIONS": "4"])
      #expect(part.status == 0)
      #expect(part.output.isEmpty)
    }
    let early = try Program.run(["merge", "part-0", "--quiet"], in: folder)
    #expect(early.status == 75)
    #expect(early.errors.contains("of 30 runs are missing"))
    let merged = try Program.run(
      ["merge", "part-0", "part-1", "part-2", "part-3", "--output", "whole", "--format", "json"],
      in: folder)
    #expect(merged.status == 0, "\(merged.errors)")
    #expect(Self.files(folder, "whole") == Self.files(folder, "one"))
    #expect(merged.output == folder.text("one/results.json"))
  }

  @Test func `a sweep that is killed at any point continues to the same bytes`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(1500)
    _ = try Program.run(Self.options + ["--output", "one"], in: folder)
    let expected = Self.files(folder, "one")
    let count = folder.names(below: "one").count
    var generator = SeededGenerator(seed: 8)
    var interruptions = 0
    for (round, number) in [SIGKILL, SIGKILL, SIGKILL, SIGKILL, SIGTERM, SIGTERM].enumerated() {
      let name = "killed-\(round)"
      let options = Self.options + ["--output", name, "--threads", "2"]
      // Several times in a row; what a kill leaves half-written must not be in the way.
      for _ in 0..<4 {
        let program = try Program(options, in: folder)
        let present = min(folder.names(below: name).count, count)
        let goal = Int.random(in: present...count, using: &generator)
        program.wait { folder.names(below: name).count >= goal }
        program.signal(number)
        let outcome = program.outcome()
        // Before the first run it may end without a word.
        guard number == SIGTERM, outcome.errors.contains("interrupted") else { continue }
        interruptions += 1
        #expect(outcome.status == 143)
        #expect(outcome.errorLines.last?.contains("the same command continues") == true)
        #expect(!folder.names(below: name).contains { $0.contains(".partial/") })
      }
      let outcome = try Program.run(options, in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(Self.files(folder, name) == expected, "\(name)")
    }
    #expect(interruptions > 0)
  }

  @Test func `two processes can work on one sweep`() throws {
    let folder = TemporaryFolder()
    let second = TemporaryFolder()
    folder.writeDiamonds(1500)
    second.writeDiamonds(1500)
    _ = try Program.run(Self.options + ["--output", "one"], in: folder)
    for round in 0..<3 {
      let options = Self.options + ["--output", "\(folder.path)/both-\(round)"]
      let programs = try [folder, second].map { try Program(options, in: $0) }
      for outcome in programs.map({ $0.outcome() }) {
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
      #expect(Self.files(folder, "both-\(round)") == Self.files(folder, "one"))
    }
  }

  @Test func `merge waits for a sweep`() throws {
    let folder = TemporaryFolder()
    let second = TemporaryFolder()
    folder.writeDiamonds(300)
    let merge = try Program(
      ["merge", "\(folder.path)/s", "--wait", "60s", "--quiet"], in: second)
    usleep(300_000)
    for shard in 1...2 {
      _ = try Program.run(Self.options + ["--output", "s", "--shard", "\(shard)/2"], in: folder)
    }
    let outcome = merge.outcome()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(folder.read("s/results.json") != nil)
    let late = try Program.run(["merge", "nothing", "--wait", "1s"], in: second)
    #expect(late.status == 66)
  }

  @Test func `a sweep prints its plan, and does nothing`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(300)
    let outcome = try Program.run(Self.options + ["--plan", "--shard", "2/4"], in: folder)
    #expect(outcome.status == 0)
    let lines = outcome.output.split(separator: "\n")
    #expect(
      lines[lines.count - 2].hasPrefix("5 candidates × 6 splits = 30 runs, about"))
    #expect(lines[lines.count - 1].hasPrefix("shard 2/4: runs "))
    #expect(folder.names() == ["diamonds.csv"])
    let whole = try Program.run(Self.options + ["--plan"], in: folder)
    #expect(whole.output.contains("\n 7  RandomForest-002  max_depth=4 n_estimators=30"))
  }

  @Test(arguments: [
    (["--set", "RandomForest.trees=1,2"], 64, "must be one of bootstrap, ccp_alpha"),
    (
      ["--set", "RandomForest.n_estimators=many"], 64,
      "n_estimators must be a whole number, was many"
    ),
    (["--set", "RandomForest.n_estimators=0,1"], 64, "n_estimators must be at least 1, was 0"),
    (["--set", "Forest.n_estimators=1"], 64, "There is no model \"Forest\""),
    (
      ["--set", "GaussianNB.var_smoothing=1", "--exclude", "gaussiannb"], 64,
      "is not among the models"
    ),
    (["--nested", "3"], 64, "--nested needs --cross-validate"),
    (["--nested", "1", "--cross-validate", "2"], 64, "--nested must be at least 2"),
    (["--seeds", "1..3"], 64, "--seeds: expected seeds from 0 to 4294967295"),
    (["--shard", "5/4"], 64, "--shard must be I/N with I from 1 to N"),
    (["--grid", "grid.json"], 65, "grid.json: byte 0: expected a value"),
    (["--grid", "none.json"], 66, "none.json: No such file or directory"),
    (["--output", "taken"], 73, "taken: expected a new or an empty folder, or one of a sweep"),
    (["--data", "none.csv"], 66, "none.csv"),
  ])
  func `a mistake in a sweep is one line and a status`(
    options: [String], status: Int32, words: String
  ) throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(100)
    folder.write("grid", to: "grid.json")
    folder.makeFolder("taken")
    folder.write("x", to: "taken/x")
    let outcome = try Program.run(["sweep", "--data", "diamonds.csv"] + options, in: folder)
    #expect(outcome.status == status)
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(folder.names() == ["diamonds.csv", "grid.json", "taken/", "taken/x"])
  }

  @Test func `a sweep gives a candidate that cannot be fitted an empty score, and does the rest`()
    throws
  {
    let folder = TemporaryFolder()
    folder.writeDiamonds(100)
    let options = ["sweep", "--data", "diamonds.csv", "--models", "KNeighborsClassifier", "--set"]
    let outcome = try Program.run(
      options + ["KNeighborsClassifier.n_neighbors=5,500", "--output", "s"], in: folder)
    #expect(outcome.status == 0)
    #expect(
      outcome.errorLines.contains(
        "No score for 1 of 2 runs, which cannot be fitted, such as KNeighborsClassifier-002, seed 42: 500 "
          + "neighbours need as many training samples, found 80"))
    let ranking = try #require(folder.text("s/ranking.csv")).split(separator: "\n")
    #expect(
      ranking[2] == "2,KNeighborsClassifier-002,KNeighborsClassifier,500,1"
        + String(repeating: ",", count: 18))
    #expect(folder.text("s/results.json")?.contains("\"problem\":\"500 neighbours") == true)
    let none = try Program.run(
      options + ["KNeighborsClassifier.n_neighbors=400,500", "--output", "none"], in: folder)
    #expect(none.status == 65)
    #expect(none.errors.contains("error: none: No score for 2 of 2 runs"))
  }

  @Test(arguments: [
    (["JOB_COMPLETION_INDEX": "1"], "JOB_COMPLETIONS is not"),
    (["JOB_COMPLETION_INDEX": "4", "JOB_COMPLETIONS": "4"], "names part 5 of 4"),
    (["JOB_COMPLETION_INDEX": "x", "JOB_COMPLETIONS": "4"], "must be a whole number"),
    (["SLURM_ARRAY_TASK_ID": "1"], "SLURM_ARRAY_TASK_COUNT is not"),
    (
      ["SLURM_ARRAY_TASK_ID": "9", "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_ARRAY_TASK_MIN": "3"],
      "is not one of 2 tasks in a row"
    ),
  ])
  func `a scheduler's numbers that do not fit end a sweep with 78`(
    variables: [String: String], words: String
  ) throws {
    let folder = TemporaryFolder()
    let outcome = try Program.run(["sweep", "--plan"], in: folder, variables: variables)
    #expect(outcome.status == 78)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test func `a sweep is one experiment in Comet, with its tables as assets`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(300)
    let server = try StandInServer()
    defer { server.stop() }
    let variables = [
      "COMET_API_KEY": StandInServer.defaultKey, "COMET_WORKSPACE": "demo-ws",
      "COMET_URL_OVERRIDE": server.url,
    ]
    let outcome = try Program.run(
      Self.options + ["--output", "s"], in: folder, variables: variables)
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("Comet has 1 experiment:"))
    let keys = CometLog.keys(server, name: "sweep")
    #expect(keys.count == 1)
    let entries = CometLog.stored(server, experiment: try #require(keys.first))
    for name in ["ranking.csv", "runs.csv", "results.json", "sweep.json", "timings.csv"] {
      #expect(entries.contains { $0.contains(name) }, "\(name)")
    }
    #expect(server.requests.count < 60)
    // Typed again, it is not logged again.
    let count = server.requests.count
    let again = try Program.run(
      Self.options + ["--output", "s"], in: folder, variables: variables)
    #expect(again.status == 0)
    #expect(again.errors.contains("was logged to Comet before"))
    #expect(server.requests.count == count)
  }

  @Test func `a sweep gives the scores of a comparison`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(800)
    let sweep = try Program.run(
      ["sweep", "--data", "diamonds.csv", "--seeds", "7", "--output", "s", "--format", "json"],
      in: folder)
    let run = try Program.run(
      [
        "--data", "diamonds.csv", "--seed", "7", "--output", "r", "--format", "json", "--no-report",
      ], in: folder)
    func object(_ text: String) throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
    let candidates = try #require(try object(sweep.output)["candidates"] as? [[String: Any]])
    let models = try #require(try object(run.output)["models"] as? [[String: Any]])
    #expect(candidates.count == 4)
    for model in models {
      let name = try #require(model["name"] as? String)
      let scores = try #require(model["validate"] as? [String: Any])
      let mean = try #require(
        candidates.first { $0["model"] as? String == name }?["mean"] as? [String: Double])
      #expect(mean.count == 9)
      for (metric, value) in mean {
        #expect(scores[metric] as? Double == value, "\(name) \(metric)")
      }
    }
  }
}
