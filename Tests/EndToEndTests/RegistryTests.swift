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
