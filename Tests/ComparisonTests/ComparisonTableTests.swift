import Datasets
import Evaluation
import JSON
import Support
import TestSupport
import Testing

@testable import Comparison

/// Two models and a baseline on ten rows of two classes; `b` is never sure.
private func document(folds: String = "") throws -> ComparisonDocument {
  func metrics(_ accuracy: Double, _ loss: Double) -> String {
    """
    {"accuracy":\(accuracy),"precision":0.5,"recall":0.5,"f1":0.5,"balanced_accuracy":0.5,"mcc":0,
     "cohen_kappa":0,"roc_auc":null,"log_loss":\(loss),"confusion_matrix":[[5,0],[1,4]]}
    """
  }
  func model(_ name: String, _ accuracy: Double, _ loss: Double) -> String {
    """
    {"name":"\(name)","hyperparameters":{"depth":3},"fit_seconds":1.5,"predict_seconds":0.25,
     "train":\(metrics(accuracy, loss)),"validate":\(metrics(accuracy, loss))}
    """
  }
  let json = """
    {"seed":42,"data":{"file":"t.csv","sha256":"00","rows":50,"features":["x"],"classes":["no","yes"]},
     "models":[\(model("a", 0.9, 0.3)),\(model("b", 0.8, 0.2))],
     "baseline":{"strategy":"most_frequent","class":"no","train":\(metrics(0.5, 9)),
                 "validate":\(metrics(0.5, 9))},
     "versions":{"compare-models":"1"}\(folds)}
    """
  return try JSONDocument.decode(ComparisonDocument.self, from: json.utf8)
}

@Suite struct `The comparison's table` {
  @Test func `the table marks the best values, high or low, and has the baseline below`() throws {
    let table = ComparisonTable(try document()).rendered(as: .csv).split(separator: "\n")
    #expect(table.count == 4)
    #expect(table[1].hasPrefix("a,0.9,0.5,"))
    #expect(table[3].hasPrefix("Baseline,0.5,"))
    #expect(table[3].hasSuffix(",,"))
    let lines = ComparisonTable(try document()).rendered(as: .table).split(separator: "\n")
    #expect(lines[1].contains("0.9000*"))
    #expect(lines[1].contains("0.3000 "))
    #expect(lines[2].contains("0.2000*"))
    #expect(lines[3].hasPrefix("Baseline (no)"))
    #expect(!lines[3].contains("*"))
  }

  @Test func `the table has a winner by every metric, of equals the earlier`() throws {
    let document = try document()
    #expect(document.winner(by: .accuracy)?.model.name == "a")
    #expect(document.winner(by: .logLoss)?.model.name == "b")
    #expect(document.winner(by: .logLoss)?.value == 0.2)
    #expect(document.winner(by: .f1)?.model.name == "a")
    #expect(document.winner(by: .rocAUC) == nil)
  }

  @Test func `the sorted table has the best model first`() throws {
    let lines = ComparisonTable(try document(), sortedBy: .logLoss).rendered(as: .markdown)
      .split(separator: "\n")
    #expect(lines[2].hasPrefix("| b |"))
    #expect(lines[3].hasPrefix("| a |"))
  }

  @Test func `the table keeps to the width of the terminal, and loses no column`() throws {
    let whole = ComparisonTable(try document()).rendered(as: .table)
    let narrow = ComparisonTable(try document()).rendered(as: .table, width: 60)
    #expect(narrow.split(separator: "\n").allSatisfy { $0.count <= 60 })
    for word in whole.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      #expect(narrow.contains(word))
    }
  }

  @Test func `the table says whose precision and recall it shows`() throws {
    let caption =
      "Precision, recall and F1 are those of \"yes\"; for the other class: --positive no."
    let table = ComparisonTable(try document())
    #expect(table.rendered(as: .table).split(separator: "\n").last == caption[...])
    #expect(table.rendered(as: .markdown).split(separator: "\n").last == caption[...])
    #expect(!table.rendered(as: .csv).contains("--positive"))
    #expect(
      ClassCaption.text(["a", "b", "c"])
        == "Precision, recall, F1 and ROC AUC are means over the 3 classes.")
    #expect(
      ClassCaption.text(["a\u{1b}", "b\n"]).contains(
        "\"b\\n\"; for the other class: --positive 'a\\u{1b}'"))
  }

  @Test func `the table has escape sequences only when they are asked for`() throws {
    #expect(!ComparisonTable(try document()).rendered(as: .table).contains("\u{1b}"))
    #expect(ComparisonTable(try document()).rendered(as: .table, bold: true).contains("\u{1b}[1m"))
  }

  @Test func `the table draws bars between the lowest and the highest score`() {
    #expect(SparkLine.text([0, 0.5, 1], from: 0, to: 1) == "▁▅█")
    #expect(SparkLine.text([1, 1], from: 1, to: 1) == "▅▅")
  }
}

@Suite struct `The findings of a comparison` {
  @Test func `the findings name the best model, and say when certainty was not tested`() throws {
    let findings = Findings(try document())
    #expect(
      findings.answer
        == "a has the highest accuracy of 2 models: 0.9000 on the test rows. Its lead was not tested."
    )
    #expect(Findings(try document(), by: .logLoss).answer.hasPrefix("b has the lowest log loss"))
    #expect(
      Findings(try document(), by: .rocAUC).answer == "ROC AUC is not defined for these test rows.")
    #expect(findings.details.isEmpty)
  }

  /// The document with statistics of its two models.
  private func tested(
    _ p: Double, better: [Double], worse: [Double], reason: String? = nil
  ) throws -> ComparisonDocument {
    var document = try document()
    var intervals = MetricValues<MetricInterval>()
    intervals[.accuracy] = MetricInterval(
      0.9, Interval(lower: 0.72, upper: 0.98), .clopperPearson)
    intervals[.logLoss] = reason.map { MetricInterval(0.3, reason: $0) }
    var best = MetricValues<BestInterval>()
    best[.accuracy] = BestInterval(
      name: "a", confidence: 0.975, interval: Interval(lower: 0.7, upper: 0.99))
    document.statistics = SplitStatistics(
      confidence: 0.95, draws: 100, seed: 42,
      models: ["a", "b"].map { ModelIntervals(name: $0, validate: intervals) }, best: best,
      baseline: ["a", "b"].enumerated().map { place, name in
        BaselineTest(
          name: name, modelOnly: 3, baselineOnly: 2, better: better[place],
          betterHolm: better[place], worse: worse[place], worseHolm: worse[place])
      },
      pairs: [
        PairTests(
          first: "a", second: "b", mcNemar: McNemarTest(firstOnly: 9, secondOnly: 1),
          mcNemarHolm: p, deLong: nil, deLongHolm: nil)
      ])
    return document
  }

  @Test func `the findings claim what the tests show`() throws {
    let findings = Findings(try tested(0.02, better: [0.01, 0.3], worse: [1, 0.6]))
    #expect(
      findings.answer
        == "a has the highest accuracy of 2 models: 0.9000 on the test rows (95 % for the best of 2 on "
        + "the same rows: 0.7000 to 0.9900). It makes fewer mistakes than the other (McNemar's test, p = 0.020)."
    )
    #expect(
      findings.details.contains(
        "Compared with always saying “no” (0.5000): a is clearly better; b is not."))
    #expect(
      findings.details.contains(
        "Mistakes on the test rows (McNemar's test): a makes fewer mistakes than b."))
  }

  @Test func `the findings claim no more than the tests show`() throws {
    let document = try tested(0.6, better: [0.4, 1], worse: [0.6, 0.01], reason: "few rows")
    let findings = Findings(document)
    #expect(
      findings.answer
        == "a has the highest accuracy of 2 models: 0.9000 on the test rows (95 % for the best of 2 on "
        + "the same rows: 0.7000 to 0.9900). These rows cannot tell it from b. "
        + "No model is shown to beat always saying “no” (0.5000).")
    #expect(
      findings.details.contains(
        "Compared with always saying “no” (0.5000): none is clearly better; b is worse."))
    #expect(
      findings.details.contains("Mistakes on the test rows (McNemar's test): no clear difference."))
    #expect(
      Findings(document, by: .logLoss).details.contains(
        "No interval for the log loss of a: few rows."))
  }

  @Test func `the findings say why a metric is not defined`() throws {
    let text = String(decoding: try document().json(), as: UTF8.self)
      .replacing("\"recall\" : 0.5", with: "\"recall\" : null")
    let numbers = #/\[\s*1,\s*4\s*\]/#
    let document = try JSONDocument.decode(
      ComparisonDocument.self, from: text.replacing(numbers, with: "[0, 0]").utf8)
    #expect(
      Findings(document, by: .recall).answer
        == "Recall is not defined for these test rows: no row is “yes”.")
    #expect(
      Findings(document).details.contains {
        $0.hasPrefix(
          "Not defined for a and b: Recall, Balanced acc. and ROC AUC, because no row is “yes”.")
      })
    let line = ComparisonTable(document).rendered(as: .table).split(separator: "\n")[1]
    #expect(line.contains(" – ") && !line.contains("–*"))
  }

  @Test func `the findings say what thirty right of thirty mean`() throws {
    var document = try tested(1, better: [0.1, 0.1], worse: [1, 1])
    document = try JSONDocument.decode(
      ComparisonDocument.self,
      from: String(decoding: document.json(), as: UTF8.self)
        .replacing("\"accuracy\" : 0.9,", with: "\"accuracy\" : 1,").utf8)
    #expect(
      Findings(document).details.contains(
        "a: 10 of 10 right; the true accuracy is probably at least 72 %."))
  }

  @Test func `the findings draw no conclusion from four folds`() throws {
    var document = try document()
    document.crossValidation = CrossValidationResult(
      folds: FoldPlan(count: 4, seed: 42),
      models: ["a", "b"].map { name in
        ModelFolds(
          name: name, folds: folds(name == "a" ? [0.7, 0.7, 0.7, 0.8] : [0.9, 0.9, 0.9, 0.8]))
      })
    #expect(document.crossValidation?.pairs == [])
    let findings = Findings(document)
    #expect(
      findings.answer.hasSuffix(
        "on average over 4 folds of the training rows; 0.8000 on the test rows, which had no part in "
          + "the choice. Its lead was not tested."))
    #expect(
      findings.details == ["4 folds are too few to compare models: it takes 5, better 10."])
  }

  private func folds(_ accuracies: [Double]) -> [DivisionScores] {
    accuracies.enumerated().map { number, accuracy in
      var scores = MetricValues<Double>()
      scores[.accuracy] = accuracy
      return DivisionScores(
        division: .fold(repetition: 1, number: number + 1), trainingRows: 40, testRows: 10,
        fitSeconds: 1,
        predictSeconds: 1, scores: scores, confusionMatrix: ConfusionMatrix(counts: []))
    }
  }

  @Test func `the findings rank by folds where there are some, and say what they show`() throws {
    var document = try document()
    document.crossValidation = CrossValidationResult(
      folds: FoldPlan(count: 5, seed: 42),
      models: [
        ModelFolds(name: "a", folds: folds([0.70, 0.71, 0.69, 0.70, 0.71])),
        ModelFolds(name: "b", folds: folds([0.90, 0.92, 0.90, 0.89, 0.91])),
      ])
    let findings = Findings(document)
    #expect(
      findings.answer
        == "b has the highest accuracy of 2 models: 0.9040 (95 %: 0.8828 to 0.9252) on average over 5 "
        + "folds of the training rows; 0.8000 on the test rows, which had no part in the choice. It has a higher accuracy than the other (corrected t-test on the folds, p < 0.001)."
    )
    #expect(findings.details.contains { $0.contains("b has a higher accuracy than a.") })
    #expect(findings.details.contains { $0.contains("b is better than a by more than 0.01.") })
  }
}

@Suite struct `Past runs side by side` {
  @Test func `past runs are shown with their differences from the first`() throws {
    let files = TemporaryFolder()
    defer { withExtendedLifetime(files) {} }
    let first = try document()
    let second = try JSONDocument.decode(
      ComparisonDocument.self,
      from: String(decoding: first.json(), as: UTF8.self)
        .replacing("\"seed\" : 42", with: "\"seed\" : 7")
        .replacing("\"depth\" : 3", with: "\"depth\" : 4")
        .replacing("\"accuracy\" : 0.8,", with: "\"accuracy\" : 0.85,").utf8)
    for (name, document) in [("one", first), ("two", second)] {
      let folder = try RunFolder(path: files.path + "/" + name)
      try folder.create()
      try folder.finish(document)
    }
    let runs = try ["one", "two/"].map { try RunDifferences.Run(folder: files.path + "/" + $0) }
    #expect(runs[0].document == first)
    let differences = RunDifferences(runs)
    #expect(
      differences.conditions == ["seed: 42 | 7", "a.depth: 3 | 4", "b.depth: 3 | 4"])
    let lines = differences.rendered(as: .table).split(separator: "\n")
    #expect(lines.count == 7)
    #expect(lines[6].contains("+0.0500"))
    #expect(lines[3].contains(" 0.0000"))
    #expect(throws: FileError.self) { try RunDifferences.Run(folder: files.path + "/none") }
  }
}

@Suite struct `The baseline` {
  @Test func `the baseline always predicts the most frequent class of the training rows`() throws {
    let preprocessing = Preprocessing()
    let table = try CSVTable(
      contentsOf: RepositoryFiles.diamonds, preprocessing.reading)
    let data = try preprocessing.prepare(table, split: TrainTestSplit())
    let baseline = Baseline(data)
    #expect(baseline.className == "Gold")
    // 9,449 of the 10,788 test rows are Gold.
    #expect(baseline.validation[.accuracy] == 9_449.0 / 10_788.0)
    #expect(baseline.validation[.recall] == 0)
    #expect(baseline.validation[.rocAUC] == 0.5)
  }
}
