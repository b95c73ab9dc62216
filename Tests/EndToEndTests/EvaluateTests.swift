import CometStandIn
import Foundation
import TestSupport
import Testing

@Suite struct `Evaluating a saved model` {
  private let folder = TemporaryFolder()

  /// A run of a fast model on the first diamonds.
  private func makeRun(_ rows: Int = 600, _ options: [String] = []) throws {
    folder.writeDiamonds(rows)
    let outcome = try Program.run(
      [
        "--data", "diamonds.csv", "--models", "DecisionTreeClassifier,GaussianNB", "--output",
        "run",
      ]
        + options, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  private func evaluate(
    _ options: [String], model: String = "run/GaussianNB", data: String = "diamonds.csv"
  ) throws -> Program.Outcome {
    try Program.run(["evaluate", model, "--data", data] + options, in: folder)
  }

  /// The rows of the table that the run tested on.
  private func writeTestRows() throws {
    let lines = try #require(folder.text("diamonds.csv")).split(separator: "\n")
    let tested = try #require(folder.text("run/GaussianNB/predictions.csv"))
      .split(separator: "\n").dropFirst().compactMap { Int($0.prefix { $0 != "," }) }
    folder.write(
      ([lines[0]] + tested.map { lines[$0 + 1] }).joined(separator: "\n") + "\n", to: "test.csv")
  }

  private func json(_ path: String) throws -> JSONValue {
    try JSONValue(parsing: folder.read(path) ?? [])
  }

  @Test func `the rows that a run tested on have the scores and intervals of the run`() throws {
    try makeRun()
    try writeTestRows()
    let comparison = try json("run/comparison.json")
    for (place, model) in ["DecisionTreeClassifier", "GaussianNB"].enumerated() {
      let outcome = try evaluate(
        ["--output", "seen-\(place)"], model: "run/\(model)", data: "test.csv")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let evaluation = try json("seen-\(place)/evaluation.json")
      let known = try #require(comparison["models"]?.array?[place])
      #expect(evaluation["metrics"] == known["validate"])
      #expect(evaluation["model"]?["name"]?.string == model)
      #expect(evaluation["data"]?["has_training_rows"] == false)
      let schema = try JSONSchema(
        contentsOf: RepositoryFiles.root + "/docs/evaluation.schema.json")
      let text = try #require(folder.text("seen-\(place)/evaluation.json"))
      #expect(try schema.problems(in: text) == [])
      // The row numbers are those of the smaller file.
      func predictions(_ path: String) -> [String] {
        (folder.text(path) ?? "").split(separator: "\n").map { String($0.drop { $0 != "," }) }
      }
      #expect(
        predictions("seen-\(place)/predictions.csv") == predictions("run/\(model)/predictions.csv"))
      #expect(folder.text("seen-\(place)/report.html")?.contains("Drift") == true)
      #expect(folder.names(below: "seen-\(place)").contains("seen-\(place)/roc-curve.json"))
    }
    // The first model's draws are those of any evaluation.
    let first = try json("seen-0/evaluation.json")["statistics"]?["models"]?.array?[0]
    #expect(first == comparison["statistics"]?["models"]?.array?[0])
  }

  @Test func `labels and probabilities are those of predict, also of rows with missing cells`()
    throws
  {
    let rows = (0..<300).map { row in
      "\(row % 7 == 0 ? "" : "\(row % 13)"),\(["x", "y", "NA", "none"][row % 4]),"
        + "\(row % 3 == 0 ? "p" : "q")\n"
    }
    folder.write("n,w,t\n" + rows.joined(), to: "t.csv")
    let run = try Program.run(
      [
        "--data", "t.csv", "--target", "t", "--missing", "native", "--missing-values", "none",
        "--models", "RandomForest,GaussianNB", "--set", "RandomForest.n_estimators=5", "--cost",
        "q>p=3", "--output", "run",
      ], in: folder)
    #expect(run.status == 0, "\(run.errors)")
    folder.write("w;t;n;more\nx;p;1.5;a\nzz;q;NA;b\nnone;q;;c\ny; p ;7;d\n", to: "new.csv")
    let form = ["--unknown-category", "missing"]
    for model in ["run/RandomForest", "run/GaussianNB"] {
      let predicted = try Program.run(
        ["predict", "--model", model, "--data", "new.csv"] + form, in: folder)
      #expect(predicted.status == 0, "\(predicted.errors)")
      let output = model.replacing("run/", with: "of-")
      let outcome = try evaluate(form + ["--output", output], model: model, data: "new.csv")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let expected = predicted.output.split(separator: "\n").dropFirst().enumerated().map {
        let cells = $1.split(separator: ";", omittingEmptySubsequences: false)
        return
          (["\($0)", cells[1].trimmingCharacters(in: .whitespaces)] + cells[4...].map(String.init))
          .joined(separator: ",")
      }
      let found = (folder.text("\(output)/predictions.csv") ?? "").split(separator: "\n")
      #expect(found.dropFirst().map(String.init) == expected)
      let evaluation = try json("\(output)/evaluation.json")
      #expect(evaluation["metrics"]?["cost"]?.double != nil)
    }
  }

  @Test func `a model that does not reach what is required ends with a status of its own`() throws {
    try makeRun()
    let met = try evaluate([
      "--require", "accuracy=0.5", "--require", "log_loss=9", "--output", "a",
    ])
    #expect(met.status == 0)
    #expect(met.output.contains("Reached: accuracy of 0.5."))
    let unmet = try evaluate([
      "--require", "f1=0.999", "--require", "accuracy=0.5", "--output", "b",
    ])
    #expect(unmet.status == 1)
    #expect(
      unmet.errorLines.last?.contains("the model does not reach what is required: its f1 is")
        == true)
    // Everything is written and told all the same.
    #expect(try json("b/evaluation.json")["requirements"]?.array?[0]["met"] == false)
    #expect(unmet.output.contains("Not reached: its f1 is"))
    #expect(try evaluate(["--require", "f2=1", "--output", "c"]).status == 64)
    #expect(!folder.names().contains("c/"))
  }

  @Test func `what the table tells of the training is said`() throws {
    try makeRun()
    let same = try evaluate(["--output", "a"])
    #expect(same.output.contains("The model learned from the training rows among these"))
    // Dear stones only: prices differ from training.
    let lines = try #require(folder.text("diamonds.csv")).split(separator: "\n")
    let price = try #require(lines[0].split(separator: ",").firstIndex(of: "\"price\""))
    let dear = lines.dropFirst().filter { line in
      (Int(line.split(separator: ",")[price]) ?? 0) > 2700
    }
    folder.write(([lines[0]] + dear).joined(separator: "\n") + "\n", to: "dear.csv")
    let drifted = try evaluate(["--output", "b"], data: "dear.csv")
    #expect(drifted.status == 0, "\(drifted.errors)")
    #expect(drifted.output.contains("Distributed otherwise than in training"))
    let features = try #require(try json("b/evaluation.json")["drift"]?["features"]?.array)
    let found = try #require(features.first { $0["name"]?.string == "price" })
    #expect(found["verdict"]?.string == "different")
  }

  @Test func `a table that cannot be judged on is explained in one line`() throws {
    try makeRun()
    func refused(_ text: String, _ options: [String] = [], _ status: Int32 = 65) throws -> String {
      folder.write(text, to: "bad.csv")
      let outcome = try evaluate(options + ["--output", "never"], data: "bad.csv")
      #expect(outcome.status == status, "\(outcome.errors)")
      #expect(outcome.errorLines.count == 1)
      #expect(!folder.names().contains("never/"))
      return outcome.errors
    }
    let lines = try #require(folder.text("diamonds.csv")).split(separator: "\n").map(String.init)
    let cut = try #require(lines[0].split(separator: ",").firstIndex(of: "\"cut\""))
    let carat = try #require(lines[0].split(separator: ",").firstIndex(of: "\"carat\""))
    func changed(_ column: Int, _ cell: String) -> String {
      var cells = lines[2].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      cells[column] = cell
      return [lines[0], lines[1], cells.joined(separator: ","), lines[3]].joined(separator: "\n")
        + "\n"
    }
    var header = lines[0].split(separator: ",").map(String.init)
    header[cut] = "shape"
    let renamed = header.joined(separator: ",") + "\n" + lines[1] + "\n"
    #expect(
      try refused(renamed).contains("bad.csv:1: expected a column \"cut\" with the actual classes"))
    #expect(try evaluate(["--target", "shape", "--output", "named"], data: "bad.csv").status == 0)
    #expect(
      try refused(changed(cut, "")).contains(
        "bad.csv:3: column \"cut\": expected a class, found an"))
    #expect(
      try refused(changed(carat, "big")).contains("bad.csv:3: column \"carat\": expected a number"))
    #expect(try refused(lines[0] + "\n").contains("expected rows below the header, found none"))
    #expect(try refused("").contains("bad.csv"))
    let target = try evaluate(["--target", "carat", "--output", "never"])
    #expect(target.status == 64 && target.errors.contains("none of the model's features"))
    let none = try evaluate(["--output", "never"], data: "none.csv")
    #expect(none.status == 66)
    let dropped = try evaluate(["--drop-unlabelled", "--output", "kept"], data: "none.csv")
    #expect(dropped.status == 66)
  }

  @Test func `a label that the model does not know is refused by its cell`() throws {
    let rows = (0..<60).map { "\($0 * 37 % 23),\(["1", "2", "3"][$0 % 3])\n" }.joined()
    folder.write("x,t\n" + rows, to: "t.csv")
    let run = try Program.run(
      ["--data", "t.csv", "--target", "t", "--models", "GaussianNB", "--output", "run"], in: folder)
    #expect(run.status == 0, "\(run.errors)")
    folder.write("x,t\n1,1\n2,2.0\n3,4\n", to: "new.csv")
    let outcome = try evaluate(["--output", "never"], data: "new.csv")
    #expect(outcome.status == 65)
    #expect(
      outcome.errors
        == "compare-models: error: new.csv:4: column \"t\": expected one of the model's classes \"1\", "
        + "\"2\", \"3\", found \"4\"\n")
    folder.write("x,t\n1,1\n2,2.0\n3,\n", to: "new.csv")
    let dropped = try evaluate(["--drop-unlabelled", "--output", "kept"], data: "new.csv")
    #expect(dropped.status == 0, "\(dropped.errors)")
    #expect(try json("kept/evaluation.json")["data"]?["dropped_rows"]?.int == 1)
  }

  @Test func `a damaged model and a run in place of a model are refused`() throws {
    try makeRun()
    let ofRun = try evaluate(["--output", "never"], model: "run")
    #expect(ofRun.status == 66 && ofRun.errors.contains("run/DecisionTreeClassifier"))
    let byFile = try evaluate(["--output", "file"], model: "run/GaussianNB/model.safetensors")
    #expect(byFile.status == 0, "\(byFile.errors)")
    let bytes = try #require(folder.read("run/GaussianNB/model.safetensors"))
    folder.write(bytes.dropLast(), to: "run/GaussianNB/model.safetensors")
    let damaged = try evaluate(["--output", "never"])
    #expect(damaged.status == 65 && damaged.errorLines.count == 1)
    let taken = try evaluate(["--output", "run"], model: "run/DecisionTreeClassifier")
    #expect(taken.status == 73)
  }

  @Test func `an evaluation is logged to Comet, or kept and sent later`() throws {
    let run = try CometRun()
    func ask(_ output: String, _ more: [String], _ variables: [String: String]) throws
      -> Program.Outcome
    {
      try Program.run(
        ["evaluate", "run/GaussianNB", "--data", "diamonds.csv", "--output", output] + more,
        in: run.folder, variables: variables)
    }
    let trained = try Program.run(
      ["--data", "diamonds.csv", "--models", "GaussianNB", "--offline", "--output", "run"],
      in: run.folder)
    #expect(trained.status == 0, "\(trained.errors)")
    let sent = try ask("sent", [], run.variables())
    #expect(sent.status == 0, "\(sent.errors)")
    let kept = try ask("kept", ["--offline"], run.variables())
    #expect(kept.errors.contains("Nothing was sent to Comet; 1 experiment kept in kept/comet"))
    let upload = try Program.run(["upload", "kept"], in: run.folder, variables: run.variables())
    #expect(upload.status == 0, "\(upload.errors)")
    let keys = CometLog.keys(run.server, name: "evaluation")
    try #require(keys.count == 2)
    let entries = keys.map { CometLog.stored(run.server, experiment: $0) }
    #expect(entries[0] == entries[1])
    for part in [
      "metric test accuracy", "metric test f1-score", "metric test psi_carat", "data_sha256",
      "model_sha256", "evaluation.json", "predictions.csv", "confusion-matrix.json", "roc-curve",
    ] {
      #expect(entries[0].contains { $0.contains(part) }, "\(part)")
    }
    run.expectNoKey(sent, kept, upload)
    let refused = try ask("late", ["--require-comet", "--offline"], run.variables())
    #expect(refused.status == 64)
    run.server.stop()
  }
}
