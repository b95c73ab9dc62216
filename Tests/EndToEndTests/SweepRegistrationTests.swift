import CometStandIn
import Foundation
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// `compare-models register` of a sweep's folder, with the built programs.
@Suite struct `Registering the best of a sweep` {
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
}
