import Foundation
import JSON
import TestSupport
import Testing

/// Tables of hundreds of classes, whose matrices, curves and probabilities would fill disk and memory.
@Suite struct `Very many classes` {
  private let folder = TemporaryFolder()

  /// Four rows of each class, near each other.
  private func write(classCount: Int) {
    let rows = (0..<classCount * 4).map { row in
      let label = row / 4
      return "\(label % 30 * 7 + row * 5 % 3),\(label / 30 * 7 + row * 11 % 4),class-\(label)\n"
    }
    folder.write("x,y,class\n" + rows.joined(), to: "t.csv")
  }

  private func size(_ name: String) -> Int { folder.read(name)?.count ?? 0 }

  @Test func `a run of very many classes keeps what is not zero, and reads it back`() throws {
    write(classCount: 300)
    let run = try Program.run(
      [
        "--data", "t.csv", "--target", "class", "--set", "RandomForest.n_estimators=10", "--output",
        "run",
      ],
      in: folder)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("are means over the 300 classes."))
    let document = try JSONValue(parsing: try #require(folder.read("run/comparison.json")))
    let matrix = document["models"]?.elements?[0]["validate"]?["confusion_matrix"]
    #expect(matrix?["classes"] == 300)
    #expect(matrix?["count"]?.elements?.compactMap(\.wholeNumber).reduce(0, +) == 240)
    let problems = try JSONSchema(
      contentsOf: RepositoryFiles.root + "/docs/comparison.schema.json"
    ).problems(in: try #require(folder.text("run/comparison.json")))
    #expect(problems == [])
    #expect(size("run/comparison.json") < 500_000)
    #expect(size("run/report.html") < 500_000)
    for model in ["RandomForest", "DecisionTreeClassifier", "KNeighborsClassifier"] {
      // 240 rows of 300 probabilities would be 72,000 numbers.
      #expect(size("run/\(model)/predictions.csv") < 140_000, "\(model)")
      let drawn = try JSONValue(
        parsing: try #require(folder.read("run/\(model)/confusion-matrix-validate.json")))
      #expect(drawn["labels"]?.elements?.count == 25)
      #expect(
        drawn["title"]?.text?.contains("the 25 of 300 classes with the most mistakes") == true)
    }
    // A file for each curve would be 2,400.
    #expect(folder.names(below: "run").count < 80)
    let page = try #require(folder.text("run/report.html"))
    let again = try Program.run(["report", "run", "--output", "again.html"], in: folder)
    #expect(again.status == 0, "\(again.errors)")
    #expect(
      folder.text("again.html")?.contains("Confused classes") == page.contains("Confused classes"))
    #expect(page.contains("Confused classes"))
  }

  @Test func `up to thirty classes nothing is left out`() throws {
    write(classCount: 30)
    let run = try Program.run(
      [
        "--data", "t.csv", "--target", "class", "--models", "KNeighborsClassifier", "--output",
        "run",
      ],
      in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let document = try JSONValue(parsing: try #require(folder.read("run/comparison.json")))
    #expect(
      document["models"]?.elements?[0]["validate"]?["confusion_matrix"]?.elements?.count == 30)
    let predictions = try #require(folder.text("run/KNeighborsClassifier/predictions.csv"))
    #expect(!predictions.contains(",,") && predictions.contains(",0.0,"))
    #expect(folder.names(below: "run/comet").count { $0.contains("roc-curve") } == 60)
  }
}
