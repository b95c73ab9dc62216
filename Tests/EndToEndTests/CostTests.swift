import Foundation
import TestSupport
import Testing

@Suite struct `A run with costs` {
  @Test func `the threshold is in the table, and obeyed by predicting with the saved model`() throws
  {
    let folder = TemporaryFolder()
    folder.writeDiamonds(1500)
    let run = try Program.run(
      ["--data", "diamonds.csv", "--cost", "Silver>Gold=5", "--output", "run"], in: folder)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("Cost per row"))
    #expect(run.output.contains("has the lowest cost per row of 4 models"))
    #expect(run.output.contains("With Silver>Gold=5"))
    #expect(folder.text("run/metrics.txt")?.contains("compare_models_cost{") == true)
    #expect(folder.text("run/report.html")?.contains("Costs and thresholds") == true)
    #expect(folder.text("run/request.json")?.contains("Silver>Gold=5") == true)
    for model in ["RandomForest", "DecisionTreeClassifier", "GaussianNB", "KNeighborsClassifier"] {
      let outcome = try Program.run(
        ["predict", "--model", "run/\(model)", "--data", "diamonds.csv"], in: folder)
      let lines = outcome.output.split(separator: "\n")
      var isBelowHalf = false
      for line in (folder.text("run/\(model)/predictions.csv") ?? "").split(separator: "\n")
        .dropFirst()
      {
        let cells = line.split(separator: ",")
        let row = try #require(Int(cells[0]))
        #expect(lines[row + 1].hasSuffix("," + cells[2...].joined(separator: ",")))
        isBelowHalf = isBelowHalf || cells[2] == "Silver" && (Double(cells[4]) ?? 1) < 0.5
      }
      #expect(isBelowHalf || model == "DecisionTreeClassifier", "\(model)")
    }
  }

  @Test func `a run without costs writes nothing of them`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(300)
    let run = try Program.run(
      ["--data", "diamonds.csv", "--models", "GaussianNB", "--output", "run"], in: folder)
    #expect(run.status == 0)
    for file in [
      "request.json", "comparison.json", "GaussianNB/model.safetensors", "metrics.txt",
      "report.html",
    ] {
      let text = String(decoding: folder.read("run/" + file) ?? [], as: UTF8.self).lowercased()
      #expect(!text.isEmpty && !text.contains("cost") && !text.contains("decision_"), "\(file)")
    }
  }

  @Test func `costs that cannot be used end the program with one line`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(300)
    // Of six groups, two are tested on.
    let lines = try #require(folder.text("diamonds.csv")).split(separator: "\n")
    let grouped = lines.enumerated().map { "\($1),\($0 == 0 ? "few" : "\($0 % 6)")" }
    folder.write(grouped.joined(separator: "\n"), to: "few.csv")
    let cases: [(options: [String], status: Int32, problem: String)] = [
      (["--cost", "Silver"], 64, "--cost must be \"ACTUAL>PREDICTED=COST\", quoted"),
      (["--cost", "Silver>Silver=2"], 64, "are \"Gold>Silver\" and \"Silver>Gold\""),
      (["--cost", "SI1>SI2=2", "--target", "clarity"], 64, "--cost needs two classes"),
      (["--sort-by", "cost"], 64, "--sort-by cost needs --cost"),
      (
        ["--cost", "Silver>Gold=5", "--time", "carat"], 64,
        "--cost chooses thresholds by folds that have no order of time"
      ),
      (
        ["--cost", "Silver>Gold=5", "--group", "few"], 65,
        "which takes 5 groups of each class, found 4 of class"
      ),
      (
        [
          "--cost", "rest>SI1=2", "--target", "price", "--classes", "SI1=326,327", "--classes",
          "rest=*",
        ],
        65, "which takes 5 rows of each class, found"
      ),
    ]
    for (options, status, problem) in cases {
      let outcome = try Program.run(
        ["--data", "few.csv", "--output", "none"] + options, in: folder)
      #expect(outcome.status == status, "\(options): \(outcome.errors)")
      #expect(outcome.errors.contains(problem), "\(outcome.errors)")
      #expect(folder.read("none/request.json") == nil)
    }
    let sweep = try Program.run(
      ["sweep", "--data", "diamonds.csv", "--sort-by", "cost", "--plan"], in: folder)
    #expect(sweep.status == 64, "\(sweep.errors)")
  }
}
