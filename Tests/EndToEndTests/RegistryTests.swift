import CometStandIn
import Foundation
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The whole way from a run to production, with the built programs.
@Suite struct `From a run to production` {
  @Test func `a model as ONNX is registered beside the model, and fetched when asked for`() throws {
    let setup = try RegistrySetup(rows: 500)
    let run = try setup.compare(
      "run", "DecisionTreeClassifier", ["--onnx", "--stage", "production"])
    #expect(run.errors.contains("diamonds-onnx"))
    #expect(try setup.get().status == 0)
    #expect(!setup.folder.names(below: "models").contains { $0.hasSuffix(".onnx") })
    #expect(try setup.get(["--onnx"]).status == 0)
    let graph = setup.folder.read("models/model.onnx")
    #expect(graph != nil)
    #expect(graph == setup.folder.read("run/DecisionTreeClassifier/model.onnx"))
    // Another version, which has none, takes the stage from both.
    _ = try setup.compare("other", "GaussianNB", ["--stage", "production"])
    let without = try setup.get(["--onnx"])
    #expect(without.status == 66)
    #expect(without.errors.contains("a run with --onnx and --register makes one"))
    #expect(try setup.get().status == 0)
    #expect(setup.folder.read("models/model.onnx") == nil)
  }

  @Test func `a quiet run says nothing of what it registers, and what it cannot register`() throws {
    let setup = try RegistrySetup(rows: 200)
    let quiet = try setup.compare("quiet", "GaussianNB", ["--quiet"])
    #expect(quiet.errors == "")
    #expect(!quiet.output.contains("egistered"))
    // What it did is told on request.
    let again = try setup.run(["register", "quiet"])
    #expect(again.output.contains("diamonds 1.0.0 was registered before"), "\(again.output)")
    setup.server.setFaults([Fault(.status(400), path: "write/registry-model/item/create")])
    let failed = try setup.run(
      [
        "--data", "diamonds.csv", "--output", "failed", "--models", "GaussianNB", "--register",
        "--quiet",
      ])
    #expect(failed.status != 0)
    #expect(failed.errorLines.count == 1, "\(failed.errors)")
    #expect(failed.errors.contains("compare-models register failed"))
  }

  @Test(arguments: [false, true])
  func `registered and fetched models predict the labels of the run`(isOldBackend: Bool) throws {
    let setup = try RegistrySetup(isOldBackend: isOldBackend)
    let run = try setup.compare(
      "run", "RandomForest,DecisionTreeClassifier,GaussianNB", ["--stage", "production"])
    #expect(run.errors.contains("\nRegistered diamonds 1.0.0 in workspace demo-ws: diamonds-model"))
    let winner = try #require(
      ["RandomForest", "DecisionTreeClassifier", "GaussianNB"].first {
        run.errors.contains("Best by f1: \($0), ")
      })
    let get = try setup.get()
    #expect(get.status == 0, "\(get.errors)")
    #expect(get.output.hasPrefix("models has diamonds 1.0.0 (production) now: \(winner), f1 0."))
    #expect(get.errors == "")
    setup.expectModels(of: "run/\(winner)")
    let predict = try setup.run(["predict", "--model", "models", "--data", "diamonds.csv"])
    let lines = predict.output.split(separator: "\n")
    let expected = (setup.folder.text("run/\(winner)/predictions.csv") ?? "")
      .split(separator: "\n").dropFirst()
    #expect(expected.count == 400)
    for line in expected {
      let cells = line.split(separator: ",")
      let row = try #require(Int(cells[0]))
      #expect(lines[row + 1].hasSuffix("," + cells[2...].joined(separator: ",")))
    }
    // Again: nothing is new, nothing is downloaded.
    let downloads = setup.server.requests.filter { $0.path.hasSuffix("item/download") }.count
    #expect(downloads == 5)
    let again = try setup.get()
    #expect(again.output == "models has diamonds 1.0.0 (production) already; nothing is new\n")
    #expect(setup.server.requests.filter { $0.path.hasSuffix("item/download") }.count == 5)
    let list = try setup.get(["--list"])
    #expect(list.output.split(separator: "\n").count == 6)
    #expect(list.output.contains("\ndiamonds-model "))
  }

  @Test func `a better run replaces the models in production, and a worse one does not`() throws {
    let setup = try RegistrySetup()
    let first = try setup.compare("first", "GaussianNB", ["--promote-if-better"])
    #expect(first.errors.contains("There is nothing in stage production to compare with"))
    let short = try setup.run([
      "register", "first", "--promote-if-better", "--require", "recall=0.99", "--registry-prefix",
      "other", "--data", "diamonds.csv",
    ])
    #expect(short.status == 0)
    #expect(short.output.contains("does not get the stage production: its recall is 0."))
    #expect(first.errors.contains("diamonds 1.0.0 is in stage production"))
    let better = try setup.compare(
      "better", "RandomForest",
      ["--promote-if-better", "--comparisons-per-year", "4", "--explain"])
    #expect(better.errors.contains("takes 1/4 of it, and with it 25.0 % of the risk"))
    #expect(better.errors.contains("F1 on the 400 test rows: in use 0."))
    #expect(better.errors.contains("\nComparison 1 of 4 in 20"))
    #expect(better.errors.contains("\nThe new model is put into use: "), "\(better.errors)")
    #expect(better.errors.contains("diamonds 1.1.0 is in stage production, which was taken from"))
    let record = try #require(setup.folder.text("better/promotion.json"))
    #expect(record.contains("\"old_version\" : \"1.0.0\""))
    #expect(record.contains("\"promoted\" : true"))
    #expect(try setup.get().status == 0)
    setup.expectModels(of: "better/RandomForest")
    let old = try setup.get(["--version", "1.0.0", "--output", "old"])
    #expect(old.output.hasPrefix("old has diamonds 1.0.0 now: GaussianNB, f1 "))
    #expect(
      setup.folder.read("old/model.safetensors")
        == setup.folder.read("first/GaussianNB/model.safetensors"))
    let worse = try setup.compare(
      "worse", "GaussianNB", ["--promote-if-better", "--comparisons-per-year", "4"])
    #expect(worse.errors.contains("\nThe model in use stays: it is not better by f1"))
    #expect(worse.errors.contains("\nComparison 2 of 4 in 20"))
    #expect(worse.errors.contains("diamonds 1.2.0 does not get the stage production"))
    #expect(try setup.get().output.contains("nothing is new"))
    // From the folder of the run alone, with the file that it was made from.
    let options = ["register", "worse", "--promote-if-better", "--data"]
    let again = try setup.run(options + ["diamonds.csv"])
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.output.contains("diamonds 1.2.0 was registered before"))
    #expect(again.output.contains("\nComparison 3 of 52 in 20"), "another rule is another look")
    let once = try setup.run(options + ["diamonds.csv"])
    #expect(once.output.contains("\nComparison 3 of 52 in 20"), "the same look, once more")
    setup.folder.writeDiamonds(1999, to: "other.csv")
    let other = try setup.run(options + ["other.csv"])
    #expect(other.status == 65)
    #expect(other.errors.contains("expected the file that the run was made from"))
    #expect(!setup.folder.names().contains { $0.contains("fetching") })
    let more = ["--models", "DecisionTreeClassifier", "--register", "--promote-if-better"]
    func refused(_ output: String, _ options: [String], _ words: String) throws {
      let outcome = try setup.run(
        ["--data", "diamonds.csv", "--output", output] + more + options)
      #expect(outcome.status != 0)
      #expect(outcome.errorLines.last?.contains(words) == true, "\(outcome.errors)")
    }
    try refused(
      "third", ["--comparisons-per-year", "2"],
      "3-of-52) leave less than 1/2 of the")
    try refused(
      "other-rows", ["--seed", "7"],
      "the model in use learned from another train/test split (seed 42), so that it may know some of"
    )
    try refused("other-target", ["--target", "color"], "with --registry-prefix")
    try refused("other-classes", ["--classes", "Gold=Fair", "--classes", "Silver=*"], "Gold=Fair")
    #expect(try setup.get().output.contains("nothing is new"))
    // Without the condition it goes into use.
    let forced = try setup.run(["register", "worse", "--stage", "production"])
    #expect(forced.output.contains("diamonds 1.2.0 is in stage production, which was taken from"))
    #expect(try setup.get().status == 0)
    setup.expectModels(of: "worse/GaussianNB")
    // Against another model the rule of the run's first comparison is a new look.
    let anew = try setup.run([
      "register", "better", "--promote-if-better", "--comparisons-per-year", "1", "--data",
      "diamonds.csv",
    ])
    #expect(anew.status == 65)
    #expect(anew.errors.contains("leave less than 1/1 of the risk"), "\(anew.errors)")
  }

  private static let sweep = [
    "sweep", "--data", "diamonds.csv", "--models", "RandomForest,GaussianNB", "--set",
    "RandomForest.n_estimators=3,20", "--output", "s",
  ]

  /// What a run of the sweep's best candidate logs, and how often it was begun.
  private func expectOneRun(_ setup: RegistrySetup, of model: String) {
    #expect(CometLog.keys(setup.server, name: model).count == 1)
  }

  @Test(arguments: [[], ["--cross-validate", "3", "--seeds", "7,8"]])
  func `the best of a sweep is made a run and registered, and all candidates share its risk`(
    options: [String]
  ) throws {
    let setup = try RegistrySetup()
    _ = try setup.compare(
      "first", "GaussianNB", ["--stage", "production"] + (options.isEmpty ? [] : ["--seed", "7"]))
    let sweep = try setup.run(Self.sweep + options)
    #expect(sweep.status == 0, "\(sweep.errors)")
    let register = [
      "register", "s", "--data", "diamonds.csv", "--promote-if-better", "--comparisons-per-year",
      "1", "--explain",
    ]
    let outcome = try setup.run(register)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      outcome.errors.contains(
        "The best of 3 candidates by accuracy, RandomForest-002, is run in s/best/RandomForest-002"),
      "\(outcome.errors)")
    let run = "s/best/RandomForest-002"
    let request = try #require(setup.folder.text(run + "/request.json"))
    #expect(request.contains("\"chosen_from\" : 3"))
    #expect(request.contains("\"seed\" : \(options.isEmpty ? 42 : 7)"))
    #expect(request.contains("\"folds\"") == !options.isEmpty)
    #expect(setup.folder.read(run + "/report.html") != nil)
    let found = outcome.errors.replacing("\n", with: " ")
    #expect(
      found.contains("It is the best of 3 candidates of a sweep, which was judged on rows that"))
    #expect(!found.contains("had no part in the choice"))
    #expect(
      outcome.output.contains("Best by accuracy of 3 candidates: RandomForest, 0."),
      "\(outcome.output)")
    #expect(outcome.output.contains(" on the test rows, which had a part in the sweep's choice\n"))
    #expect(outcome.output.contains("as the best of 3 by the 400 rows that it is judged on"))
    let promotion = try #require(setup.folder.text(run + "/promotion.json"))
    #expect(promotion.contains("\"candidates\" : 3"))
    #expect(outcome.output.contains("diamonds 1.1.0 is in stage production, which was taken from"))
    expectOneRun(setup, of: "RandomForest")
    #expect(try setup.get().status == 0)
    setup.expectModels(of: run + "/RandomForest")
    // Again, from the sweep or the run: nothing is fitted, sent or registered twice.
    let names = setup.folder.names(below: "s")
    for path in ["s", run] {
      let again = try setup.run([
        "register", path, "--select-by", "accuracy", "--data", "diamonds.csv",
      ])
      #expect(again.status == 0, "\(again.errors)")
      #expect(
        again.output.contains("diamonds 1.1.0 was registered before, from the same experiment"))
      #expect(!again.errors.contains("Fitting") && !again.errors.contains("Comet has"))
    }
    expectOneRun(setup, of: "RandomForest")
    #expect(setup.folder.names(below: "s") == names)
    // To the sweep the run in its folder is nothing.
    let sweepAgain = try setup.run(Self.sweep + options)
    #expect(sweepAgain.status == 0, "\(sweepAgain.errors)")
    #expect(sweepAgain.output == sweep.output)
  }

  @Test func `a sweep that cannot be registered is refused in one line before anything is fitted`()
    throws
  {
    let setup = try RegistrySetup(rows: 300)
    func refused(_ options: [String], _ status: Int32, _ words: String) throws {
      let outcome = try setup.run(["register", "s"] + options)
      #expect(outcome.status == status, "\(outcome.errors)")
      #expect(outcome.errorLines.last?.contains(words) == true, "\(outcome.errors)")
      #expect(!setup.folder.names().contains { $0.hasPrefix("s/best") })
    }
    _ = try setup.run(Self.sweep + ["--shard", "1/2"])
    try refused(["--data", "diamonds.csv"], 75, "of 3 runs are missing")
    _ = try setup.run(Self.sweep)
    try refused([], 66, "data/diamonds.csv")
    setup.folder.writeDiamonds(299, to: "other.csv")
    try refused(["--data", "other.csv"], 65, "expected the file that the sweep was made from")
  }

  @Test func `registering a sweep that was stopped or could not send continues where it stopped`()
    throws
  {
    let setup = try RegistrySetup(rows: 300)
    _ = try setup.run(Self.sweep + ["--set", "RandomForest.n_estimators=2000,2001"])
    let register = ["register", "s", "--data", "diamonds.csv"]
    let program = try setup.start(register)
    let folder = "s/best/"
    program.wait {
      setup.folder.names().contains { $0.hasPrefix(folder) && $0.hasSuffix("request.json") }
    }
    program.signal(SIGTERM)
    let stopped = program.outcome()
    if stopped.status == 143 {
      #expect(stopped.errors.contains("to go on: compare-models register s"), "\(stopped.errors)")
    }
    setup.server.setFaults([Fault(.status(503))])
    let unsent = try setup.run(register)
    #expect(unsent.status == 69, "\(unsent.errors)")
    #expect(unsent.errorLines.last?.contains("to register it: compare-models register s") == true)
    let fitted = setup.folder.names(below: "s").filter { $0.hasSuffix("model.safetensors") }
    #expect(fitted.count == 1)
    setup.server.setFaults([])
    let outcome = try setup.run(register)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("\nRegistered diamonds 1.0.0 in workspace demo-ws"))
    let name = try #require(fitted.first).split(separator: "/").dropLast().last.map(String.init)
    expectOneRun(setup, of: try #require(name))
  }

  @Test func `a model that is fitted again on all rows is judged by its twin`() throws {
    let setup = try RegistrySetup()
    let stage = ["--refit", "--stage", "production"]
    let first = try setup.compare("first", "GaussianNB", stage)
    #expect(
      first.errors.contains("Fitted GaussianNB again on all 2000 rows"), "\(first.errors)")
    #expect(first.errors.contains("diamonds 1.0.0 is in stage production"))
    let get = try setup.get()
    #expect(get.output.contains("fitted again on all rows, the metric is that of its twin"))
    let names = setup.folder.names(below: "models").map { $0.dropFirst("models/".count) }
      .filter { $0 != "registry.json" }
    #expect(names.count == 6 && names.contains("model-card.md"))
    for name in names {
      let fetched = setup.folder.read("models/\(name)")
      #expect(fetched == setup.folder.read("first/refitted/GaussianNB/\(name)"), "\(name)")
    }
    let made = try setup.run(["reproduce", "models"])
    #expect(made.status == 0, "\(made.output)\(made.errors)")
    #expect(made.output.hasPrefix("GaussianNB: equal, 5 files with "))
    let twin = try setup.get([
      "--registry-prefix", "twin-of-diamonds", "--version", "1.0.0", "--output", "twin",
    ])
    #expect(twin.status == 0, "\(twin.errors)")
    #expect(
      setup.folder.read("twin/model.safetensors")
        == setup.folder.read("first/GaussianNB/model.safetensors"))
    // Again, from the folder: nothing is fitted, sent or registered twice.
    let experiments = setup.server.requests.count { $0.path.hasSuffix("experiment/create") }
    let again = try setup.run(["register", "first", "--data", "diamonds.csv"] + stage)
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.output.contains("diamonds 1.0.0 was registered before"))
    #expect(again.output.contains("is in stage production already"))
    #expect(!again.output.contains("Fitted"))
    #expect(
      setup.server.requests.count { $0.path.hasSuffix("experiment/create") } == experiments)
    let same = try setup.run([
      "register", "first", "--data", "diamonds.csv", "--promote-if-better",
    ])
    #expect(same.output.contains("comes from the same run"), "\(same.output)\(same.errors)")

    // The one in use was fitted on the test rows, and is still judged as it was without them.
    let better = try setup.compare(
      "better", "RandomForest", ["--refit", "--promote-if-better", "--comparisons-per-year", "2"])
    #expect(better.errors.contains("\nThe new model is put into use: "), "\(better.errors)")
    let promotion = try #require(setup.folder.text("better/promotion.json"))
    let f1 = try #require(first.errors.firstMatch(of: /Best by f1: GaussianNB, ([\d.]+)/)).1
    #expect(promotion.contains("\"old\" : \(f1)"), "\(promotion)")
    #expect(try setup.get().status == 0)
    #expect(
      setup.folder.read("models/model.safetensors")
        == setup.folder.read("better/refitted/RandomForest/model.safetensors"))
  }

  @Test func `a model fitted on all rows whose twin is not there is refused, with the way on`()
    throws
  {
    let setup = try RegistrySetup()
    _ = try setup.compare("first", "GaussianNB", ["--refit"])
    // Its files as those of an ordinary run: a set that has no twin under its names.
    let root = setup.folder.path
    for (from, to) in [
      ("first/request.json", "bare/request.json"),
      ("first/comparison.json", "bare/comparison.json"),
      ("first/refitted/GaussianNB", "bare/GaussianNB"),
    ] {
      try FileManager.default.createDirectory(
        atPath: root + "/bare", withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: root + "/" + from, toPath: root + "/" + to)
    }
    try FileManager.default.createDirectory(
      atPath: root + "/bare/comet", withIntermediateDirectories: true)
    let journal = try #require(setup.folder.text("first/comet/GaussianNB-refitted.jsonl"))
    setup.folder.write(
      journal.replacing("GaussianNB-refitted", with: "GaussianNB"),
      to: "bare/comet/GaussianNB.jsonl")
    let bare = try setup.run([
      "register", "bare", "--registry-prefix", "bare", "--stage", "production",
    ])
    #expect(bare.status == 0, "\(bare.errors)")
    let next = try setup.run([
      "--data", "diamonds.csv", "--output", "next", "--models", "DecisionTreeClassifier",
      "--register", "--promote-if-better", "--registry-prefix", "bare",
    ])
    #expect(next.status == 65, "\(next.errors)")
    #expect(
      next.errors.contains(
        "the model in use was fitted again on all rows, so that it knows the test rows, and its twin"
      ))
    #expect(next.errors.contains("without comparing, with --stage production and without"))
    #expect(next.errors.contains("Registered bare 1.1.0"))
  }

  @Test func `with a stable split a model of a grown table is compared on rows that no model saw`()
    throws
  {
    let setup = try RegistrySetup(rows: 1500)
    let options = ["--split", "stable", "--promote-if-better", "--comparisons-per-year", "1"]
    _ = try setup.compare("first", "GaussianNB", options)
    setup.folder.writeDiamonds(2000, to: "diamonds.csv")
    let grown = try setup.compare("grown", "RandomForest", options + ["--explain"])
    #expect(grown.errors.contains("\nComparison 1 of 1 in 20"), "\(grown.errors)")
    #expect(grown.errors.contains("\nThe new model is put into use: "), "\(grown.errors)")
    let request = try #require(setup.folder.text("grown/request.json"))
    #expect(request.contains("\"split\" : \"stable\""))
  }

  @Test func `what the registry cannot do is said, with a status`() throws {
    let setup = try RegistrySetup(rows: 300)
    let run = ["--data", "diamonds.csv", "--models", "GaussianNB", "--output", "run"]
    func expect(
      _ outcome: Program.Outcome, _ status: Int32, _ words: String,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
      #expect(
        outcome.errorLines.last?.contains(words) == true, "\(outcome.errors)",
        sourceLocation: sourceLocation)
    }
    expect(try setup.run(run + ["--stage", "production"]), 64, "go with --register")
    expect(try setup.run(run + ["--register", "--offline"]), 78, "--register needs COMET_API_KEY")
    expect(try setup.run(run + ["--register", "--select-by", "luck"]), 64, "luck")
    #expect(!setup.folder.names().contains("run/"))
    expect(try setup.get(["--stage", "a", "--version", "1.0.0"]), 64, "exclude each other")
    expect(try setup.get(["--version", "latest"]), 64, "version")
    expect(try setup.get(), 66, "has no model diamonds-model; its models: none")
    // The run is kept, with the commands that register it.
    setup.server.setFaults([Fault(.status(403), path: "write/registry-model/item/create")])
    let refused = try setup.run(run + ["--register", "--stage", "production"])
    #expect(refused.status == 77)
    expect(
      refused, 77,
      "to register it: compare-models register run --stage production --data diamonds.csv")
    setup.server.setFaults([])
    expect(try setup.run(["register", "nowhere"]), 66, "expected a run folder")
    #expect(try setup.run(["register", "run", "--stage", "production"]).status == 0)
    setup.folder.makeFolder("models")
    setup.folder.write("mine", to: "models/mine.txt")
    expect(try setup.get(), 73, "\"mine.txt\"")
    expect(try setup.get(["--output", "diamonds.csv/models"]), 73, "Not a directory")
    expect(
      try setup.get(["--stage", "staging", "--output", "new"]), 66, "its stages: production (1.0.0)"
    )
    setup.server.stop()
    expect(try setup.get(["--output", "new"]), 69, "Couldn't connect")
    #expect(!setup.folder.names().contains { $0.hasPrefix("new") })
  }

  @Test(.timeLimit(.minutes(20)))
  func `a signal while registering keeps the run, and says how to register it`() throws {
    let setup = try RegistrySetup(rows: 300)
    _ = try setup.compare("first", "GaussianNB", ["--stage", "production"])
    _ = try setup.compare("run", "DecisionTreeClassifier", [])
    let names = setup.folder.names(below: "run")
    setup.server.setFaults([
      Fault(.slowBody(bytesPerSecond: 100), path: "registry-model/item/download")
    ])
    let options = ["register", "run", "--promote-if-better", "--data", "diamonds.csv"]
    let program = try setup.start(options)
    program.wait { setup.folder.names().contains { $0.hasSuffix(".zip") } }
    program.signal(SIGTERM)
    let outcome = program.outcome()
    #expect(outcome.status == 143)
    let command = "compare-models \(options.joined(separator: " "))"
    #expect(
      outcome.errors
        == "compare-models: interrupted; the run is kept; to register it: \(command)\n")
    #expect(setup.folder.names(below: "run") == names)
    setup.server.setFaults([])
    #expect(try setup.run(options).status == 0)
  }
}
