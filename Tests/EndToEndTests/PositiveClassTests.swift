import Foundation
import JSON
import TestSupport
import Testing

/// `--positive`: whose precision, recall and F1 are shown.
@Suite struct `The positive class` {
  private func run(_ folder: TemporaryFolder, _ options: [String]) throws -> Program.Outcome {
    try Program.run(
      ["--data", "diamonds.csv", "--models", "RandomForest,GaussianNB"] + options,
      in: folder)
  }

  private struct Results {
    let document: JSONValue
    let request: JSONValue
    let predictions: [[Substring]]

    init(_ folder: TemporaryFolder, _ name: String) throws {
      document = try JSONValue(parsing: try #require(folder.read("\(name)/comparison.json")))
      request = try JSONValue(parsing: try #require(folder.read("\(name)/request.json")))
      predictions = try #require(folder.text("\(name)/RandomForest/predictions.csv"))
        .split(separator: "\n").map { $0.split(separator: ",") }
    }

    func number(_ metric: String) throws -> Double {
      try #require(document["models"]?.elements?[0]["validate"]?[metric]?.number)
    }

    /// Rows of an actual and a predicted class.
    func count(_ actual: String, _ predicted: String) -> Double {
      Double(predictions.dropFirst().count { $0[1] == actual && $0[2] == predicted })
    }
  }

  @Test func `the positive class is the one of all tables, curves and files, and predictions stay`()
    throws
  {
    let folder = TemporaryFolder()
    folder.writeDiamonds(3000)
    let usual = try run(folder, ["--output", "usual"])
    #expect(usual.status == 0, "\(usual.errors)")
    #expect(usual.output.contains("those of \"Silver\"; for the other class: --positive Gold."))
    let gold = try run(folder, ["--output", "gold", "--positive", "Gold"])
    #expect(gold.status == 0, "\(gold.errors)")
    #expect(gold.output.contains("those of \"Gold\"; for the other class: --positive Silver."))
    let (first, second) = (try Results(folder, "usual"), try Results(folder, "gold"))
    #expect(first.document["data"]?["classes"] == ["Gold", "Silver"])
    #expect(second.document["data"]?["classes"] == ["Silver", "Gold"])
    #expect(second.request["request"]?["target"]?["positive"] == "Gold")
    #expect(first.request["request"]?["target"]?["positive"] == nil)
    // Rows with equal probabilities aside, of which there are few, everybody predicts the same.
    let probability = 3
    for (a, b) in zip(first.predictions.dropFirst(), second.predictions.dropFirst())
    where a[probability] != "0.5" {
      #expect(a.prefix(3) == b.prefix(3))
      #expect(a[3] == b[4] && a[4] == b[3])
    }
    #expect(second.predictions[0].suffix(2) == ["probability_Silver", "probability_Gold"])
    for (results, own, other) in [(first, "Silver", "Gold"), (second, "Gold", "Silver")] {
      let hits = results.count(own, own)
      let precision = hits / (hits + results.count(other, own))
      let recall = hits / (hits + results.count(own, other))
      let f1 = 2 * precision * recall / (precision + recall)
      for (metric, expected) in [("precision", precision), ("recall", recall), ("f1", f1)] {
        let value = try results.number(metric)
        #expect(abs(value - expected) < 1e-12, "\(metric) of \(own)")
      }
    }
    // Ordering positive rows above negative ones is the same task from either side.
    let areas = [try first.number("roc_auc"), try second.number("roc_auc")]
    #expect(abs(areas[0] - areas[1]) < 1e-12)
    let report = try #require(folder.text("gold/report.html"))
    #expect(report.contains("predicted as “Gold” when"))
    #expect(report.contains("--positive Gold"))
    #expect(
      folder.text("gold/RandomForest/roc-curve.json")
        != folder.text("usual/RandomForest/roc-curve.json"))
    // It is another question, so that no verdict is given, and a run is not resumed with another.
    let verdict = try Program.run(["compare", "usual", "gold", "--verdict"], in: folder)
    #expect(verdict.status == 65)
    #expect(verdict.errors.contains("--positive"))
    #expect(
      try Program.run(["compare", "usual", "gold"], in: folder).output.contains(
        "classes: Gold Silver | Silver Gold"))
  }

  @Test func `a positive class is refused where there is none, or where there are more than two`()
    throws
  {
    let folder = TemporaryFolder()
    folder.writeDiamonds(200)
    let unknown = try run(folder, ["--output", "run", "--positive", "gold"])
    #expect(unknown.status == 64)
    #expect(
      unknown.errors.contains(
        "expected the class \"gold\" of --positive, found \"Gold\", \"Silver\""))
    let many = try run(folder, ["--output", "run", "--target", "color", "--positive", "D"])
    #expect(many.status == 64)
    #expect(many.errors.contains("--positive needs two classes, found 7"))
    #expect(many.errors.contains("--classes D=D --classes 'other=*'"))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/run"))
    folder.writeDiamonds(1000)
    let cost = try run(
      folder, ["--output", "run", "--positive", "Gold", "--cost", "Gold>Silver=5"])
    #expect(cost.status == 0, "\(cost.errors)")
    #expect(cost.output.contains("“Gold” is predicted from the probability on"))
  }
}
