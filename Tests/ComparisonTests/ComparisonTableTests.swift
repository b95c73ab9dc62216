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
        == "a has the highest accuracy of 2 models, 0.9000 on the test rows; its lead was not tested."
    )
    #expect(Findings(try document(), by: .logLoss).answer.hasPrefix("b has the lowest log loss"))
    #expect(
      Findings(try document(), by: .rocAUC).answer == "ROC AUC is not defined for these test rows.")
    #expect(
      findings.details
        == ["Always predicting no is right for 50.0 % of the test rows; every model is better."])
  }

  @Test func `the findings rank by folds where there are some, and say what they show`() throws {
    func folds(_ accuracies: [Double]) -> [FoldScores] {
      accuracies.enumerated().map { number, accuracy in
        var scores = MetricValues<Double>()
        scores[.accuracy] = accuracy
        return FoldScores(
          repetition: 1, fold: number + 1, trainingRows: 40, testRows: 10, fitSeconds: 1,
          predictSeconds: 1, scores: scores, confusionMatrix: [])
      }
    }
    var document = try document()
    document.crossValidation = CrossValidationResult(
      folds: StratifiedFolds(count: 5, seed: 42),
      models: [
        ModelFolds(name: "a", folds: folds([0.70, 0.71, 0.69, 0.70, 0.71])),
        ModelFolds(name: "b", folds: folds([0.90, 0.92, 0.90, 0.89, 0.91])),
      ])
    let findings = Findings(document)
    #expect(
      findings.answer
        == "b has the highest accuracy of 2 models, 0.9040 on average over 5 folds, significantly "
        + "better than the other (corrected t-test on the folds, p < 0.001).")
    #expect(findings.details.contains { $0.contains("b scores significantly better than a") })
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
      contentsOf: RepositoryFiles.diamonds, textColumns: preprocessing.textColumns)
    let data = try preprocessing.prepare(table, split: TrainTestSplit())
    let baseline = Baseline(data)
    #expect(baseline.className == "Gold")
    // 9,449 of the 10,788 test rows are Gold.
    #expect(baseline.validation[.accuracy] == 9_449.0 / 10_788.0)
    #expect(baseline.validation[.recall] == 0)
    #expect(baseline.validation[.rocAUC] == 0.5)
  }
}
