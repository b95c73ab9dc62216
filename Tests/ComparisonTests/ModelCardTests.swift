import Datasets
import Evaluation
import ModelFiles
import SavedModels
import Support
import TestSupport
import Testing

@testable import Comparison

@Suite struct `A model's card` {
  private let files = TemporaryFolder()

  /// A run on names that look like markup.
  private func card(
    _ options: (inout RunRequest) throws -> Void = { _ in }
  ) throws -> (text: String, run: FinishedRun) {
    let rows = (0..<80).map { row in
      "\(row * 37 % 23),\(["*x*", "<b>"][row / 3 % 2]),\(row % 3 == 0 ? "y|es" : "no [1](http://a)")\n"
    }
    files.write("a|b,`c`,t_x_\n" + rows.joined(), to: "my_data|1.csv")
    var request = RunRequest(seed: 7)
    request.data = files.path + "/my_data|1.csv"
    request.target = TargetRule(column: "t_x_", classes: [])
    request.candidates = request.candidates.filter { $0.algorithm == .gaussianNaiveBayes }
    try options(&request)
    let folder = try RunFolder(path: files.path + "/run")
    _ = try RunPipeline(
      try PreparedRun(request, conduct: RunConduct(threads: 2)), folder: folder, others: [],
      progress: ProgressDisplay(.quiet)
    ).document()
    return (
      try #require(files.text("run/GaussianNB/model-card.md")),
      try FinishedRun(contentsOf: files.path + "/run")
    )
  }

  @Test func `a card has the run's numbers, and names as text`() throws {
    let (card, run) = try card()
    #expect(
      card.hasPrefix(
        "---\nlicense: unknown # fill in, such as apache-2.0\nlibrary_name: compare-models\n"))
    let model = run.document.models[0]
    let accuracy = try #require(model.validate[.accuracy])
    #expect(
      card.contains("    - type: accuracy\n      name: \"Accuracy\"\n      value: \(accuracy)\n"))
    #expect(card.contains("      name: \"my_data|1.csv\"\n"))
    #expect(card.contains("# GaussianNB: t\\_x\\_ by my\\_data\\|1.csv\n"))
    #expect(card.contains("no \\[1\\](http\\://a), y\\|es, from 2 columns: a\\|b, \\`c\\`."))
    #expect(card.contains("my\\_data\\|1.csv, SHA-256 `\(run.document.data.sha256)`"))
    #expect(card.contains("64 training rows and 16 test rows\n"))
    let interval = try #require(
      run.document.statistics?.intervals(of: "GaussianNB")?[.accuracy]?.interval)
    let baseline = try #require(run.document.baseline?.validation[.accuracy])
    let numbers = [accuracy, baseline].map { NumberText.plain($0, digits: 4) }
    #expect(card.contains("| Accuracy | \(numbers[0]) | \(interval.text) | \(numbers[1]) |\n"))
    #expect(card.contains("| Metric | Value | 95 % interval | Always no \\[1\\](http\\://a) |\n"))
    let matrix = model.validate.confusionMatrix.counts
    #expect(card.contains("| y\\|es | \(matrix[1][0]) | \(matrix[1][1]) |\n"))
    #expect(card.contains("| `var_smoothing` | 1e-09 |\n"))
    #expect(
      card.contains(
        "    compare-models --data 'my_data|1.csv' --target t_x_ --models GaussianNB --seed 7\n"))
    #expect(!card.contains(files.path))
    // Every table row has as many cells as its header.
    var width = 0
    for line in card.split(separator: "\n", omittingEmptySubsequences: false) {
      let cells = line.hasPrefix("| ") ? line.replacing("\\|", with: "").count { $0 == "|" } : 0
      if width > 0, cells > 0 { #expect(cells == width, "\(line)") }
      width = cells
    }
  }

  @Test func `a card says what is doubtful, and how labels are chosen`() throws {
    let (plain, run) = try card { request in
      try request.choose(costs: ["y|es>no [1](http://a)=5"])
      request.chosenFrom = 12
    }
    let request = try RunFolder(resuming: run.path).requestDocument().request
    var document = run.document
    document.dataFindings = [
      DataFinding(.leak, .severe, found: "column \"a|b\" tells", meaning: "Too good.", advice: "")
    ]
    let doubtful = try #require(ModelCard(of: "GaussianNB", in: document, request))
    let card = String(decoding: doubtful.bytes, as: UTF8.self)
    #expect(card.contains("- Severe: column \"a\\|b\" tells. Too good.\n"))
    #expect(!plain.contains("Severe"))
    #expect(card.contains("It is the best of 12 candidates"))
    #expect(card.contains("“y\\|es” is predicted from a probability of "))
    #expect(card.contains("| Cost per row | "))
    let refit = ModelDescription.Refit(rowCount: 80, twinExperiment: "e", twinSHA256: "s")
    let again = try #require(ModelCard(of: "GaussianNB", in: run.document, request, refit: refit))
    let text = String(decoding: again.bytes, as: UTF8.self)
    #expect(text.contains("; this model was fitted again on all 80\n"))
    #expect(text.contains("of the same model fitted on the training rows alone"))
    #expect(ModelCard(of: "RandomForest", in: run.document, request) == nil)
  }
}
