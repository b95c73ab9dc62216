import Evaluation
import JSON
import Support
import TestSupport
import Testing

@testable import Comparison

@Suite struct `A run beside an older one` {
  @Test func `a run is better, worse or neither, by its best model on the same test rows`() throws {
    let right = [Int](repeating: 0, count: 150) + [Int](repeating: 1, count: 50)
    let good = try run("good", wrong: 10, of: right)
    let bad = try run("bad", wrong: 60, of: right)
    let close = try run("close", wrong: 12, of: right)
    let better = try RunVerdict(of: good, against: bad, by: .accuracy)
    #expect(better.outcome == .better)
    #expect(
      better.text.hasPrefix(
        "good is better than bad (a): Accuracy 0.9500 instead of 0.7000 on the same test rows, a lead "
          + "of 0.2500 where chance makes 0.0"), "\(better.text)")
    #expect(try RunVerdict(of: bad, against: good, by: .accuracy).outcome == .worse)
    #expect(try RunVerdict(of: close, against: good, by: .accuracy).outcome == .unclear)
    try better.checkIsNotWorse()
    #expect(throws: ToldFailure(exitStatus: 1)) {
      try RunVerdict(of: bad, against: good, by: .accuracy).checkIsNotWorse()
    }
    let allowed = try RunVerdict(of: bad, against: good, by: .accuracy, margin: 0.25)
    #expect(allowed.outcome == .tolerable)
    try allowed.checkIsNotWorse()
    #expect(allowed.text.hasPrefix("bad is worse than good, but within the margin (a): "))
    #expect(allowed.text.hasSuffix("; 0.25 less is allowed."))
  }

  @Test func `a verdict is refused for other test rows`() throws {
    let right = [0, 0, 1, 1]
    let first = try run("first", wrong: 1, of: right)
    for other in [
      try run("rows", wrong: 1, of: right, firstRow: 1),
      try run("labels", wrong: 1, of: [0, 1, 1, 1]),
      try run("file", wrong: 1, of: right, sha256: "cd"),
    ] {
      let error = #expect(throws: RequestError.self) {
        try RunVerdict(of: other, against: first, by: .accuracy)
      }
      #expect(error?.kind == .badData)
      #expect(error?.description.contains("not judged on the same test rows") == true)
    }
  }

  /// Once the metric was said not to be defined.
  @Test func `a verdict without rows enough says which class has too few`() throws {
    func problem(_ actual: [Int], _ metric: Metric) throws -> String? {
      let first = try run("first", wrong: 1, of: actual)
      let error = #expect(throws: RequestError.self) {
        try RunVerdict(of: run("second", wrong: 2, of: actual), against: first, by: metric)
      }
      #expect(error?.kind == .badData)
      return error?.description
    }
    let rare = "no verdict of second and first: “yes” has 1 test row, and a comparison needs 2"
    #expect(try problem([0, 0, 0, 1], .accuracy) == rare + " of each class")
    #expect(try problem([0, 0, 0, 1], .rocAUC) == rare + " of each class")
    #expect(
      try problem([0, 0, 0, 0], .accuracy)
        == "no verdict of second and first: “yes” has 0 test rows, and a comparison needs 2 of each class"
    )
    #expect(
      try problem([0, 0, 0, 0], .rocAUC)
        == "no verdict of second and first: roc_auc is not defined for both")
    let right = try run("right", wrong: 0, of: [0, 0, 1, 1])
    #expect(try RunVerdict(of: right, against: right, by: .accuracy).outcome == .unclear)
  }

  /// A run of one model that is wrong about the first rows.
  private func run(
    _ name: String, wrong: Int, of actual: [Int], firstRow: Int = 0, sha256: String = "ab"
  ) throws -> FinishedRun {
    var text = "row,actual,predicted,probability_no,probability_yes\n"
    for (row, truth) in actual.enumerated() {
      let guess = row < wrong ? 1 - truth : truth
      let names = ["no", "yes"]
      text += "\(firstRow + row),\(names[truth]),\(names[guess]),\(1 - guess),\(guess)\n"
    }
    let predictions = try withTemporaryFile(text, named: "predictions.csv") {
      try TestPredictions(contentsOf: $0, classNames: ["no", "yes"])
    }
    let metrics =
      #"{"accuracy":0.5,"log_loss":1,"roc_auc":null,"f1":0.25,"confusion_matrix":[[5,0],[1,4]]}"#
    let document = """
      {"seed":42,"data":{"file":"t.csv","sha256":"\(sha256)","rows":50,"features":["x"],
       "classes":["no","yes"]},"versions":{},
       "models":[{"name":"a","hyperparameters":{},"fit_seconds":1,"predict_seconds":1,
                  "train":\(metrics),"validate":\(metrics)}]}
      """
    return try FinishedRun(
      path: name, document: JSONDocument.decode(ComparisonDocument.self, from: document.utf8),
      predictions: [predictions])
  }

  @Test func `the metrics on the test rows are written in the OpenMetrics format`() throws {
    let text = try run("a", wrong: 1, of: [0, 0, 1, 1]).document.openMetrics
    #expect(
      text.hasPrefix(
        """
        # HELP compare_models_accuracy Accuracy on the test rows.
        # TYPE compare_models_accuracy gauge
        compare_models_accuracy{model="a"} 0.5

        """), "\(text)")
    #expect(text.contains("compare_models_f1{model=\"a\"} 0.25\n"))
    #expect(!text.contains("roc_auc"))
    #expect(text.hasSuffix("\n# EOF\n"))
  }
}
