import Foundation
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

@Suite struct `Predicting from the command line` {
  @Test func `predicting gives the labels of the run, for every model`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(1500)
    let run = try Program.run(["--data", "diamonds.csv", "--output", "run"], in: folder)
    #expect(run.status == 0)
    for model in ["RandomForest", "DecisionTreeClassifier", "GaussianNB", "KNeighborsClassifier"] {
      let outcome = try Program.run(
        ["predict", "--model", "run/\(model)", "--data", "diamonds.csv"], in: folder)
      #expect(outcome.status == 0)
      #expect(outcome.errors == "")
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.count == 1501)
      let expected = (folder.text("run/\(model)/predictions.csv") ?? "").split(separator: "\n")
      #expect(expected.count == 301)
      for line in expected.dropFirst() {
        // row, actual, predicted and the probabilities.
        let cells = line.split(separator: ",")
        let row = try #require(Int(cells[0]))
        #expect(lines[row + 1].hasSuffix("," + cells[2...].joined(separator: ",")))
      }
    }
  }

  @Test(arguments: ["impute", "native"])
  func `predicting gives the labels of a run on a table with missing cells`(way: String) throws {
    let folder = TemporaryFolder()
    let rows = (0..<200).map {
      "\($0 % 7 == 0 ? "" : "\($0 % 13)"),\(["x", "y", "NA", "none"][$0 % 4]),\($0 % 3 == 0 ? "p" : "q")\n"
    }
    folder.write("n,w,t\n" + rows.joined(), to: "t.csv")
    let run = try Program.run(
      [
        "--data", "t.csv", "--target", "t", "--missing", way, "--missing-values", "none",
        "--output",
        "run",
      ], in: folder)
    #expect(run.status == 0)
    #expect(run.errors.contains("Missing cells: n 29, w 50\n"))
    #expect(run.errors.contains("Column \"w\": \"NA\" is a category;"))
    #expect(folder.text("run/report.html")?.contains("Missing cells: n 29, w 50.") == true)
    for model in ["RandomForest", "DecisionTreeClassifier", "GaussianNB", "KNeighborsClassifier"] {
      let outcome = try Program.run(
        ["predict", "--model", "run/\(model)", "--data", "t.csv"], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let lines = outcome.output.split(separator: "\n")
      for line in (folder.text("run/\(model)/predictions.csv") ?? "").split(separator: "\n")
        .dropFirst()
      {
        let cells = line.split(separator: ",")
        let row = try #require(Int(cells[0]))
        #expect(lines[row + 1].hasSuffix("," + cells[2...].joined(separator: ",")))
      }
    }
    folder.write("n,w\n1,z\n", to: "new.csv")
    let ask = ["predict", "--model", "run/GaussianNB", "--data", "new.csv"]
    #expect(try Program.run(ask, in: folder).status == 65)
    #expect(try Program.run(ask + ["--unknown-category", "missing"], in: folder).status == 0)
  }

  @Test func `a run on one-hot names is recorded, described and predicted as any other`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(600)
    let encoded = ["--data", "diamonds.csv", "--encode", "one-hot"]
    let run = try Program.run(encoded + ["--output", "run"], in: folder)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("\nColumns taken as names, encoded one-hot: color, clarity\n"))
    #expect(folder.text("run/request.json")?.contains("\"encode\" : \"one-hot\"") == true)
    #expect(folder.text("run/comparison.json")?.contains("\"color=D\"") == true)
    // The report reads all files of the run, and draws columns.
    #expect(try Program.run(["report", "run", "--output", "page.html"], in: folder).status == 0)
    #expect(folder.text("page.html")?.contains("600 rows with 9 features") == true)
    for model in ["RandomForest", "DecisionTreeClassifier", "GaussianNB", "KNeighborsClassifier"] {
      let ask = ["predict", "--model", "run/\(model)", "--data", "diamonds.csv"]
      let outcome = try Program.run(ask + ["--unknown-category", "ignore"], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let lines = outcome.output.split(separator: "\n")
      let expected = (folder.text("run/\(model)/predictions.csv") ?? "").split(separator: "\n")
      #expect(expected.count == 121)
      for line in expected.dropFirst() {
        let cells = line.split(separator: ",")
        let row = try #require(Int(cells[0]))
        #expect(lines[row + 1].hasSuffix("," + cells[2...].joined(separator: ",")))
      }
    }
    let few = try Program.run(encoded + ["--max-categories", "7"], in: folder)
    #expect(few.status == 65 && few.errors.contains("column \"clarity\": expected at most 7 cat"))
    let alone = try Program.run(["--max-categories", "7"], in: folder)
    #expect(
      alone.status == 64 && alone.errors.contains("--max-categories goes with --encode one-hot"))
    let other = try Program.run(["--resume", "run", "--encode", "ordinal"], in: folder)
    #expect(other.status == 64 && other.errors.contains("--encode one-hot"))
  }

  @Test
  func `columns whose names differ only in their Unicode form are two to a run and its model`()
    throws
  {
    let folder = TemporaryFolder()
    let (one, two) = ("\u{e9}", "e\u{301}")
    let rows = (0..<40).map { "\($0 % 7),w\($0 % 2),\($0 % 2)\n" }.joined()
    folder.write("\(one),\(two),t\n" + rows, to: "t.csv")
    let run = try Program.run(
      ["--data", "t.csv", "--target", "t", "--models", "GaussianNB", "--output", "run"], in: folder)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.hasPrefix("Columns taken as names: \(two)\n"))
    let outcome = try Program.run(
      ["predict", "--model", "run/GaussianNB", "--data", "t.csv"], in: folder)
    let lines = outcome.output.split(separator: "\n")
    for line in (folder.text("run/GaussianNB/predictions.csv") ?? "").split(separator: "\n")
      .dropFirst()
    {
      let cells = line.split(separator: ",")
      let row = try #require(Int(cells[0]))
      #expect(lines[row + 1].hasSuffix("," + cells[2...].joined(separator: ",")))
    }
    let only = try Program.run(
      ["--data", "t.csv", "--target", "t", "--models", "GaussianNB", "--drop", two], in: folder)
    #expect(!only.errors.contains("Columns taken as names"))
  }

  @Test func `predicting leaves the output as it was when a row cannot be predicted`() throws {
    let folder = try Self.folderWithModel()
    folder.write("old\n", to: "out.csv")
    let text = folder.text("diamonds.csv") ?? ""
    folder.write(
      text + "\"x\",0.23,\"Ideal\",\"Q\",\"SI2\",61.5,55,326,3.95,3.98,2.43\n", to: "bad.csv")
    let bad = try predict(folder, data: "bad.csv", output: "out.csv")
    #expect(bad.status == 65)
    #expect(
      bad.errorLines == [
        "compare-models: error: bad.csv:502: column \"color\": expected one of D, E, F, G, H, I, J, "
          + "found \"Q\""
      ])
    #expect(folder.text("out.csv") == "old\n")
    #expect(!folder.names().contains("out.csv.partial"))

    let good = try predict(folder, data: "diamonds.csv", output: "out.csv")
    #expect(good.status == 0)
    #expect(good.errorLines == ["Predicted 500 rows into out.csv"])
    #expect(good.output == "")
    #expect((folder.text("out.csv") ?? "").split(separator: "\n").count == 501)
  }

  @Test func `rows that cannot be predicted are written to a second file on request`() throws {
    let folder = try Self.folderWithModel()
    let bad = "\"x\",0.23,\"Ideal\",\"Q\",\"SI2\",61.5,55,326,3.95,3.98,2.43"
    let lines = (folder.text("diamonds.csv") ?? "").split(separator: "\n").map(String.init)
    func predict(_ rows: [String], output: String) throws -> Program.Outcome {
      folder.write(rows.joined(separator: "\n"), to: "rows.csv")
      return try self.predict(
        folder, data: "rows.csv", output: output, options: ["--on-error", "skip"])
    }
    let outcome = try predict(Array(lines[...40]) + [bad, "1,2"] + lines[41...], output: "o.csv")
    #expect(outcome.status == 0)
    #expect(
      outcome.errorLines == [
        "Predicted 500 rows into o.csv; 2 rows could not be predicted: see o.errors.csv"
      ])
    #expect(
      folder.text("o.errors.csv") == "line,reason,\(lines[0])\n"
        + "42,\"column \"\"color\"\": expected one of D, E, F, G, H, I, J, found \"\"Q\"\"\",\(bad)\n"
        + "43,\"expected 11 cells as in the header, found 2\",1,2\n")
    #expect(try self.predict(folder, data: "diamonds.csv", output: "all.csv").status == 0)
    #expect(folder.text("o.csv") == folder.text("all.csv"))

    // All rows are good, and the file of the last time would mislead.
    #expect(try predict(lines, output: "o.csv").errorLines == ["Predicted 500 rows into o.csv"])
    #expect(folder.text("o.errors.csv") == "line,reason,\(lines[0])\n")
    let none = try predict([lines[0], bad], output: "none")
    #expect(none.status == 65)
    #expect(
      none.errorLines == [
        "compare-models: error: none was not written: no row could be predicted: see none.errors.csv"
      ])
    #expect(folder.text("none") == nil && folder.text("none.errors.csv")?.contains(bad) == true)
    #expect(try predict([lines[0], bad, "\"x"], output: "open.csv").status == 65)
    #expect(!folder.names().contains { $0.hasPrefix("open") })
    let unnamed = try self.predict(folder, data: "rows.csv", options: ["--on-error", "skip"])
    #expect(unnamed.status == 64)
    #expect(unnamed.errors.contains("--on-error skip needs --output FILE, beside which"))
  }

  @Test func `a run's folder in place of a model's is answered with the names of its models`()
    throws
  {
    let folder = TemporaryFolder()
    folder.writeDiamonds(300)
    let models = "KNeighborsClassifier,GaussianNB"
    let run = try Program.run(
      ["--data", "diamonds.csv", "--models", models, "--output", "run"], in: folder)
    #expect(run.status == 0)
    let names = folder.names(below: "run")
    let message =
      "expected the folder of a model, found that of a run; give one of its models: run/GaussianNB, "
      + "run/KNeighborsClassifier"
    for (given, name) in [("run", "run"), ("run/", "run/")] {
      let outcome = try predict(folder, model: given, data: "diamonds.csv")
      #expect(outcome.status == 66)
      #expect(outcome.errorLines == ["compare-models: error: \(name): \(message)"])
    }
    // Not even with a key is another model downloaded into it.
    for settings in [[:], ["COMET_API_KEY": "key", "COMET_WORKSPACE": "w"]] {
      let service = try Program(
        ["--models", "run", "--port", "0"], in: folder, program: "diamonds-prediction",
        variables: settings
      ).outcome()
      #expect(service.status == 66)
      #expect(service.errors.contains("run: \(message)"))
    }
    #expect(folder.names(below: "run") == names)
  }

  @Test func `predicting says what is missing or wrong, with its status`() throws {
    let folder = try Self.folderWithModel()
    #expect(try predict(folder, data: "none.csv").status == 66)
    #expect(try predict(folder, model: "none", data: "diamonds.csv").status == 66)
    #expect(try predict(folder, data: "diamonds.csv", output: "none/out.csv").status == 73)
    #expect(try Program.run(["predict", "--data", "diamonds.csv"], in: folder).status == 64)
    folder.write("<html></html>", to: "run/GaussianNB/model.safetensors")
    let page = try predict(folder, data: "diamonds.csv")
    #expect(page.status == 65)
    #expect(page.errorLines.count == 1)
    #expect(
      page.errors.contains(
        "run/GaussianNB/model.safetensors: expected a safetensors file"))
  }

  @Test func `predicting refuses files that do not belong together`() throws {
    let folder = try Self.folderWithModel()
    let options = ["--data", "diamonds.csv", "--models", "GaussianNB", "--drop", "x"]
    #expect(try Program.run(options + ["--output", "other"], in: folder).status == 0)
    folder.write(
      folder.read("other/GaussianNB/model.safetensors") ?? [],
      to: "run/GaussianNB/model.safetensors")
    let outcome = try predict(folder, data: "diamonds.csv")
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("the files do not belong together"))
  }

  /// The model's threads once got the signal before the thread that waits for it did.
  @Test(arguments: [SIGINT, SIGTERM])
  func `predicting leaves nothing half-written when it is interrupted`(signal: Int32) throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(2000)
    let options = ["--data", "diamonds.csv", "--models", "KNeighborsClassifier"]
    #expect(try Program.run(options + ["--output", "run"], in: folder).status == 0)
    let lines = (folder.text("diamonds.csv") ?? "").split(separator: "\n", maxSplits: 1)
    var text = lines[0] + "\n"
    for _ in 0..<200 { text += lines[1] }
    folder.write(String(text), to: "many.csv")
    let program = try Program(
      [
        "predict", "--model", "run/KNeighborsClassifier", "--data", "many.csv", "--output", "o.csv",
      ],
      in: folder)
    program.wait { folder.names().contains("o.csv.partial") }
    program.signal(signal)
    let outcome = program.outcome()
    #expect(outcome.status == 128 + signal)
    #expect(
      outcome.errorLines == ["compare-models: interrupted; o.csv was not written"])
    #expect(!folder.names().contains { $0.hasPrefix("o.csv") })
  }

  private static func folderWithModel() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    folder.writeDiamonds(500)
    let run = try Program.run(
      ["--data", "diamonds.csv", "--models", "GaussianNB", "--output", "run"], in: folder)
    #expect(run.status == 0)
    return folder
  }

  private func predict(
    _ folder: TemporaryFolder, model: String = "run/GaussianNB", data: String,
    output: String? = nil, options: [String] = []
  ) throws -> Program.Outcome {
    try Program.run(
      ["predict", "--model", model, "--data", data] + (output.map { ["--output", $0] } ?? [])
        + options,
      in: folder)
  }
}
