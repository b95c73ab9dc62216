import Datasets
import Support
import TestSupport
import Testing

@testable import Comparison
@testable import Report

@Suite struct `Page of an evaluation` {
  private let files = TemporaryFolder()

  private func evaluation(classes: [String], judged: Int) throws -> SavedModelEvaluation {
    func rows(_ count: Int, from first: Int) -> String {
      (first..<first + count).map { row in
        "\(row * 37 % 23 + (first > 0 ? 9 : 0)),\(["<x>", "y&"][row / 3 % 2]),\(classes[row % classes.count])\n"
      }.joined()
    }
    files.write("n,w,t\n" + rows(240, from: 0), to: "learn.csv")
    files.write("n,w,t\n" + rows(judged, from: 1000), to: "judge.csv")
    var request = RunRequest(seed: 7)
    request.data = files.path + "/learn.csv"
    request.target = TargetRule(column: "t", classes: [])
    request.candidates = request.candidates.filter { $0.algorithm == .gaussianNaiveBayes }
    let folder = try RunFolder(path: files.path + "/run-\(classes.count)-\(judged)")
    _ = try RunPipeline(
      try PreparedRun(request, conduct: RunConduct(threads: 2, makesReport: false)),
      folder: folder, others: [], progress: ProgressDisplay(.quiet)
    ).document()
    return try EvaluationRequest(
      model: folder.path + "/GaussianNB", data: files.path + "/judge.csv",
      requirements: [PromotionRule.Limit(.f1, 0.99)]
    ).evaluation(threads: 2)
  }

  @Test(arguments: [["no", "y<es>"], ["a", "b", "c"]], [1, 300])
  func `a page has scores, curves and the drift of every feature`(
    classes: [String], judged: Int
  ) throws {
    let evaluation = try evaluation(classes: classes, judged: judged)
    let bytes = EvaluationReport.bytes(of: evaluation, threads: 2)
    #expect(PageReader(bytes).problem == nil)
    let page = String(decoding: bytes, as: UTF8.self)
    for part in [
      "The scores", "Whether the rows look like the training rows", "predicted class",
      "--require f1=0.99",
    ] {
      #expect(page.contains(part), "\(part)")
    }
    // A saved model is not fitted, and the training rows are not there.
    #expect(!page.contains("Fitting and prediction times") && !page.contains("Features by class"))
    #expect(page.contains("different") == (judged == 300))
    #expect(bytes == EvaluationReport.bytes(of: evaluation, threads: 1))
  }

  @Test func `an evaluation does not depend on the number of threads`() throws {
    let evaluation = try evaluation(classes: ["no", "yes"], judged: 300)
    let again = try evaluation.request.evaluation(threads: 1)
    #expect(try again.files().map(\.bytes) == evaluation.files().map(\.bytes))
    #expect(throws: UnmetRequirements.self) { try evaluation.checkRequirements() }
    #expect(
      try again.printed(as: .csv, style: TextStyle()).hasPrefix(
        "metric,value,lower,upper,in_its_run\naccuracy,"))
    #expect(
      try again.printed(as: .markdown, style: TextStyle()).hasPrefix(
        "| Metric | Value | 95 % interval | In its run |\n"))
  }
}
