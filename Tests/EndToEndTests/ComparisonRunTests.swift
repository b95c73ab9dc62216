import Foundation
import ModelFiles
import TestSupport
import Testing

@Suite struct `A run of the program` {
  static let models = [
    "DecisionTreeClassifier", "GaussianNB", "KNeighborsClassifier", "RandomForest",
  ]
  static let files = [
    "confusion-matrix-train.json", "confusion-matrix-validate.json", "predictions.csv",
    "roc-curve.json",
  ]

  @Test func `a run without options compares the models on the diamonds`() throws {
    let folder = TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/data", withDestinationPath: RepositoryFiles.root + "/data")
    let outcome = try Program.run([], in: folder)
    #expect(outcome.status == 0)
    let lines = outcome.output.split(separator: "\n").map { line in
      line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    }
    // The interval of the accuracy stands behind it; seconds differ from run to run.
    let scores = lines.dropFirst().prefix(4).map { $0.prefix(2) + $0.dropFirst(5).prefix(8) }
    #expect(
      scores.map { $0.joined(separator: " ") } == [
        "RandomForest 0.9582* 0.8737* 0.7752 0.8215* 0.8797* 0.7998* 0.7979* 0.9747* 0.1685*",
        "DecisionTreeClassifier 0.9452 0.7774 0.7827* 0.7801 0.8755 0.7488 0.7488 0.8755 1.9746",
        "GaussianNB 0.9050 0.6609 0.4817 0.5572 0.7233 0.5134 0.5055 0.8641 0.2577",
        "KNeighborsClassifier 0.9299 0.7947 0.5870 0.6753 0.7828 0.6462 0.6370 0.9115 0.6859",
      ])
    #expect(lines[1].dropFirst(2).prefix(3).joined(separator: " ") == "0.9542 to 0.9619")
    #expect(lines[5].prefix(3).joined(separator: " ") == "Baseline (Gold) 0.8759")
    #expect(
      outcome.output.contains(
        "RandomForest has the highest accuracy of 4 models: 0.9582 on the test rows (95 % for the"
      ))
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.path + "/runs").first)
    #expect(name.wholeMatch(of: /\d{8}T\d{6}Z-42/) != nil)
    #expect(
      outcome.errorLines == [
        "Left out the first column, which has no name and counts the rows",
        "Columns taken as names: color, clarity",
        "Note (twins): 49 of 10,788 test rows equal a training row in every feature; remove double "
          + "rows, or keep rows with equal cells in one part with --split stable",
        "Note (suspicious-zeros): column \"x\" is 0 in 8 rows, \"y\" in 7, \"z\" in 20, and far from 0 "
          + "in all others; if 0 means that there is no value, empty these cells or remove the rows",
        "Results are in runs/\(name)",
        "Nothing was sent to Comet; 4 experiments kept in runs/\(name)/comet; to send: "
          + "compare-models upload runs/\(name)",
      ])
    for model in Self.models {
      for file in Self.files {
        #expect(folder.read("runs/\(name)/\(model)/\(file)") != nil, "\(model)/\(file)")
      }
    }
    let predictions = try #require(folder.text("runs/\(name)/RandomForest/predictions.csv"))
      .split(separator: "\n")
    #expect(predictions.count == 10_789)
    #expect(predictions[0] == "row,actual,predicted,probability_Gold,probability_Silver")
    #expect(predictions[1] == "1388,Gold,Gold,1.0,0.0")
  }

  @Test func `a run gives the same bytes with one thread and with more, and twice`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(3000)
    let options = ["--data", "diamonds.csv", "--set", "RandomForest.n_estimators=20"]
    var contents: [[String: [UInt8]]] = []
    for (name, threads) in [("one", "1"), ("two", "2"), ("five", "5"), ("again", "2")] {
      let outcome = try Program.run(
        options + ["--threads", threads, "--output", name], in: folder)
      #expect(outcome.status == 0)
      // What is kept for Comet says when and by whom, the report how long it took, and where it is.
      let names = folder.names(below: name).filter {
        !$0.hasSuffix("/") && !$0.hasPrefix("\(name)/comet/") && $0 != "\(name)/report.html"
      }
      #expect(names.count >= 17)
      contents.append(
        Dictionary(
          uniqueKeysWithValues: try names.map { path in
            let bytes = try #require(folder.read(path))
            let text = String(decoding: bytes, as: UTF8.self)
            // Seconds alone may differ.
            let timeless = text.replacing(/"(fit|predict)_seconds" : [-0-9.e]+/, with: "")
            return (String(path.dropFirst(name.count)), Array(timeless.utf8))
          }))
    }
    for other in contents.dropFirst() { #expect(other == contents[0]) }
  }

  @Test func `all features and one feature are told apart in every file, and by every command`()
    throws
  {
    let folder = TemporaryFolder()
    folder.writeDiamonds(200)
    for value in ["1", "1.0"] {
      let options = [
        "--data", "diamonds.csv", "--models", "RandomForest",
        "--set", "RandomForest.n_estimators=2", "--set", "RandomForest.max_features=\(value)",
      ]
      let outcome = try Program.run(options + ["--output", value], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      for file in ["comparison.json", "request.json"] {
        let text = try #require(folder.text("\(value)/\(file)"))
        #expect(text.contains("\"max_features\" : \(value),\n"), "\(file)")
      }
      #expect(
        folder.text("\(value)/report.html")?.contains("RandomForest.max_features=\(value) ") == true
      )
    }
    let compared = try Program.run(["compare", "1", "1.0"], in: folder)
    #expect(compared.output.contains("RandomForest.max_features: 1 | 1.0\n"))
    let resumed = try Program.run(
      ["--resume", "1", "--set", "RandomForest.max_features=1.0"], in: folder)
    #expect(resumed.status == 64)
    #expect(resumed.errors.contains("RandomForest.max_features=1, not with"))
  }

  @Test func `a run writes a comparison that keeps to its schema`() throws {
    let schema = try JSONSchema(
      contentsOf: RepositoryFiles.root + "/docs/comparison.schema.json")
    let folder = TemporaryFolder()
    folder.writeDiamonds(300)
    folder.writeCounted()
    let runs = [
      ["--seed", "7"],
      // Too few of a class for the usual folds, and a column that counts the rows.
      ["--data", "counted.csv", "--target", "t", "--output", "counted"],
      // Five classes, of which the test rows need not have all.
      ["--target", "cut", "--test-fraction", "0.02", "--output", "five"],
      [
        "--cost", "Silver>Gold=5", "--cross-validate", "2", "--drop", "clarity", "--drop", "color",
        "--output", "costs",
      ],
      // On folds of 150 rows 200 neighbours are too many.
      [
        "--drop", "clarity", "--cross-validate", "2", "--set",
        "KNeighborsClassifier.n_neighbors=200", "--output", "folds", "--drop-unlabelled",
      ],
      ["--divisions", "2", "--test-fraction", "0.02", "--output", "divisions"],
      [
        "--target", "color", "--output", "seven", "--set", "RandomForest.oob_score=true", "--set",
        "RandomForest.class_weight=balanced", "--set", "RandomForest.max_samples=0.5", "--set",
        "GaussianNB.priors=0.1,0.1,0.1,0.1,0.1,0.1,0.4",
      ],
    ]
    for options in runs {
      let outcome = try Program.run(
        ["--data", "diamonds.csv", "--format", "json"] + options, in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let problems = try schema.problems(in: outcome.output)
      #expect(problems.isEmpty)
    }
    // What is printed is what is written.
    let written = try #require(folder.text("seven/comparison.json"))
    #expect(try schema.problems(in: written).isEmpty)
    let broken = written.replacing("\"seed\"", with: "\"sede\"")
    #expect(try !schema.problems(in: broken).isEmpty)
  }

  @Test
  func `rows that are dropped for missing cells are counted in the comparison and the report`()
    throws
  {
    let folder = TemporaryFolder()
    let rows = (0..<60).map {
      "\($0 % 5 == 0 ? "" : "\($0 % 7)"),\($0 % 9 == 1 ? "" : "\($0 % 2)")\n"
    }
    folder.write("n,t\n" + rows.joined(), to: "t.csv")
    let schema = try JSONSchema(
      contentsOf: RepositoryFiles.root + "/docs/comparison.schema.json")
    for (way, count) in [("drop-rows", 10), ("impute", nil)] {
      let outcome = try Program.run(
        [
          "--data", "t.csv", "--target", "t", "--models", "GaussianNB", "--drop-unlabelled",
          "--missing", way, "--output", way,
        ], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let document = try #require(folder.text("\(way)/comparison.json"))
      #expect(try schema.problems(in: document).isEmpty)
      #expect(document.contains("\"dropped_rows\" : 7"))
      #expect(document.contains("\"incomplete_rows\"") == (count != nil))
      let report = try #require(folder.text("\(way)/report.html"))
      #expect(report.contains("7 more rows have no label and were dropped."))
      let sentence = "more rows have a missing cell in a feature and were dropped."
      #expect(report.contains(sentence) == (count != nil))
      guard let count else { continue }
      #expect(document.contains("\"incomplete_rows\" : \(count)"))
      #expect(report.contains(" \(count) \(sentence)"))
      #expect(outcome.errors.contains("Dropped \(count) of 60 rows, which have a missing cell"))
    }
  }

  @Test func `a table with decimal commas and without some labels gives the run of a plain one`()
    throws
  {
    let folder = TemporaryFolder()
    let rows = (0..<60).map {
      ("\(1000 + $0 * 37).\($0 % 10)", "\($0 % 7)", $0 % 3 == 0 ? "1" : "0")
    }
    folder.write(
      "x,n,t\n" + rows.map { "\($0.0),\($0.1),\($0.2)\n" }.joined(), to: "plain.csv")
    let grouped = rows.map {
      "\($0.0.prefix(1)).\($0.0.dropFirst().replacing(".", with: ","));\($0.1);\($0.2),0\n"
    }
    // Every row is followed by one without a label.
    folder.write(
      "x;n;t\n" + grouped.map { $0 + "n/a;-;NA\n" }.joined(), to: "commas.csv")
    let plain = try Program.run(
      ["--data", "plain.csv", "--target", "t", "--output", "plain"], in: folder)
    let commas = try Program.run(
      [
        "--data", "commas.csv", "--target", "t", "--decimal", ",", "--drop-unlabelled", "--output",
        "commas",
      ], in: folder)
    #expect(plain.status == 0 && commas.status == 0, "\(commas.errors)")
    #expect(commas.errors.hasPrefix("Dropped 60 of 120 rows, which have no label\n"))
    for model in Self.models {
      let (one, two) = ("plain/\(model)/predictions.csv", "commas/\(model)/predictions.csv")
      let expected = try #require(folder.text(one)).split(separator: "\n")
      let found = try #require(folder.text(two)).split(separator: "\n")
      #expect(expected.count == found.count)
      for (one, two) in zip(expected, found).dropFirst() {
        let (cells, others) = (one.split(separator: ","), two.split(separator: ","))
        #expect((Int(cells[0]) ?? 0) * 2 == Int(others[0]))
        #expect(cells.suffix(2) == others.suffix(2))
      }
    }
    let document = try #require(folder.text("commas/comparison.json"))
    #expect(document.contains("\"dropped_rows\" : 60"))
    #expect(document.contains(/"name_columns" : \[\s*\]/))
    let report = try #require(folder.text("commas/report.html"))
    #expect(report.contains("60 more rows have no label and were dropped."))
    let request = try #require(folder.text("commas/request.json"))
    #expect(request.contains("\"decimal\" : \",\""))
    #expect(request.contains("\"drop_unlabelled\" : true"))
  }

  @Test func `a learning curve has empty points where no fit is possible`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(40)
    let outcome = try Program.run(
      ["--data", "diamonds.csv", "--learning-curve", "8", "--output", "run"], in: folder)
    #expect(outcome.status == 0)
    let problem = "5 neighbours need as many training samples, found 4"
    let notice = "no scores for 4 training rows of the learning curve: \(problem)"
    #expect(outcome.errorLines.contains("KNeighborsClassifier: \(notice)"))
    for model in Self.models {
      let curve = try #require(folder.text("run/\(model)/learning-curve.json"))
      #expect(curve.split(separator: "\"training_rows\"").count == 9)
      #expect(curve.contains(problem) == (model == "KNeighborsClassifier"))
    }
    let report = try #require(folder.text("run/report.html"))
    #expect(report.contains("KNeighborsClassifier has \(notice)."))
  }

  @Test func `folds too small for a classifier have no score, and a notice`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(100)
    let outcome = try Program.run(
      [
        "--data", "diamonds.csv", "--cross-validate", "2", "--output", "run", "--set",
        "KNeighborsClassifier.n_neighbors=60", "--drop", "color", "--drop", "clarity",
      ], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let notice =
      "KNeighborsClassifier has no score on 2 of 2 folds: 60 neighbours need as many training samples, "
      + "found 40"
    #expect(outcome.errorLines.contains(notice))
    #expect(folder.text("run/report.html")?.contains(notice) == true)
    let scores = folder.text("run/folds/repeat-1-fold-01/KNeighborsClassifier/scores.json")
    #expect(scores?.contains("\"accuracy\" : null") == true)
  }

  @Test(arguments: ["table", "markdown", "csv", "json"])
  func `a run prints the comparison in the form that is asked for`(format: String) throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(200)
    let outcome = try Program.run(
      [
        "--data", "diamonds.csv", "--format", format, "--models", "GaussianNB,knEighborsclassifier",
      ],
      in: folder)
    #expect(outcome.status == 0)
    let lines = outcome.output.split(separator: "\n")
    switch format {
    case "csv":
      #expect(lines.count == 4)
      #expect(
        lines.allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == 12 })
      #expect(lines[1].hasPrefix("GaussianNB,0."))
      #expect(lines[3].hasPrefix("Baseline,0."))
    case "markdown":
      #expect(lines.count == 6)
      #expect(lines.dropLast().allSatisfy { $0.hasPrefix("| ") && $0.hasSuffix(" |") })
      #expect(lines.last?.hasPrefix("Precision, recall and F1 are those of \"Silver\"") == true)
    case "json":
      let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
      let models = (document as? [String: Any])?["models"] as? [[String: Any]]
      #expect(
        models?.compactMap { $0["name"] as? String } == ["GaussianNB", "KNeighborsClassifier"])
    default:
      #expect(
        lines.prefix(4).map { $0.prefix(8) } == ["Model   ", "Gaussian", "KNeighbo", "Baseline"])
      #expect(!outcome.output.contains("\u{1b}"))
    }
  }

  @Test(arguments: [false, true])
  func `all models are compared on request, also where cells are missing`(missing: Bool) throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(200)
    if missing {
      let lines = try #require(folder.text("diamonds.csv")).split(separator: "\n")
      let cut = lines.enumerated().map { row, line in
        row % 7 == 3
          ? line.split(separator: ",").dropLast().joined(separator: ",") + "," : "\(line)"
      }
      folder.write(cut.joined(separator: "\n"), to: "diamonds.csv")
    }
    let outcome = try Program.run(
      ["--data", "diamonds.csv", "--models", "all", "--format", "csv", "--output", "run"],
      in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let names = outcome.output.split(separator: "\n").map { String($0.prefix { $0 != "," }) }
    #expect(Array(names.dropFirst()) == Algorithm.allCases.map(\.rawValue) + ["Baseline"])
    #expect(folder.text("run/report.html")?.contains("Coefficients of LogisticRegression") == true)
    #expect(folder.text("run/report-data.json")?.contains("\"standard_error\"") == true)
  }

  @Test func `two runs may start in the same second`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(200)
    let programs = try (0..<4).map { _ in
      try Program(["--data", "diamonds.csv", "--models", "GaussianNB"], in: folder)
    }
    for program in programs { #expect(program.outcome().status == 0) }
    let runs = folder.names(below: "runs").filter { $0.hasSuffix("comparison.json") }
    #expect(runs.count == 4)
  }

  @Test func `a run writes into an empty folder that is there`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(200)
    try FileManager.default.createDirectory(
      atPath: folder.path + "/mine", withIntermediateDirectories: false)
    let options = ["--data", "diamonds.csv", "--models", "GaussianNB", "--output", "mine/"]
    #expect(try Program.run(options, in: folder).status == 0)
    #expect(folder.read("mine/comparison.json") != nil)
    let again = try Program.run(options, in: folder)
    #expect(again.status == 73)
    #expect(
      again.errors == "compare-models: error: mine/: expected a new or an empty folder, found one "
        + "with 7 entries, such as \"GaussianNB\"; name another with --output\n")
  }

  @Test func `the program tells its version and its options`() throws {
    let folder = TemporaryFolder()
    let help = try Program.run(["--help"], in: folder)
    #expect(help.status == 0)
    #expect(help.output.contains("USAGE: compare-models [options]"))
    #expect(help.output.contains("--test-fraction"))
    #expect(help.errors == "")
    #expect(try Program.run(["--version"], in: folder).output.contains(/^\d+\.\d+\.\d+\n$/))
  }
}
