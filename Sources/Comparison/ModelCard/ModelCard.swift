import Evaluation
import ModelFiles
import Support

/// A model's card: what it is for, what it was made from, how good it is, and what is doubtful, in Markdown with the
/// front matter of Hugging Face.
///
/// It says what is known of the run. What only its owner knows, such as the licence, is left to fill in.
///
/// - SeeAlso: Mitchell and others, "Model cards for model reporting", 2019, doi:10.1145/3287560.3287596;
///   https://huggingface.co/docs/hub/model-cards.
public struct ModelCard: Sendable {
  /// The file's name in a model's folder, as programs that only move it know it.
  public static let fileName = ModelFile.cardName

  private let document: ComparisonDocument
  private let model: ComparisonDocument.ModelPart
  /// What the run was asked for.
  private let request: RunRequest
  /// How it was fitted again on all rows; `nil` where it was not.
  private let refit: ModelDescription.Refit?

  /// - Parameter name: one of the document's models.
  init?(
    of name: String, in document: ComparisonDocument, _ request: RunRequest,
    refit: ModelDescription.Refit? = nil
  ) {
    guard let model = document.models.first(where: { $0.name == name }) else { return nil }
    (self.document, self.model, self.request, self.refit) = (document, model, request, refit)
  }

  var bytes: [UInt8] {
    let parts = [
      frontMatter, introduction, data, results, confusion, limits, making, use, license,
    ]
    return Array(parts.joined(separator: "\n").utf8)
  }

  private func text(_ words: String) -> String { MarkdownText.escaped(words) }
  private func list(_ names: [String]) -> String { text(names.listed(limit: 30)) }
  private var rowCount: (training: Int, test: Int) {
    (model.train.confusionMatrix.total, model.validate.confusionMatrix.total)
  }
  private var metrics: [(metric: Metric, value: Double)] {
    document.metrics.compactMap { metric in model.validate[metric].map { (metric, $0) } }
  }

  // MARK: Parts

  private var frontMatter: String {
    let results = metrics.map { metric, value in
      "    - type: \(metric.rawValue)\n      name: \(YAMLText.quoted(metric.title))\n      value: \(value)\n"
    }
    return """
      ---
      license: unknown # fill in, such as apache-2.0
      library_name: compare-models
      pipeline_tag: tabular-classification
      tags:
      - tabular-classification
      - \(model.name)
      model-index:
      - name: \(model.name)
        results:
        - task:
            type: tabular-classification
          dataset:
            name: \(YAMLText.quoted(document.data.file))
            type: csv
            split: test
          metrics:
      \(results.joined())---

      """
  }

  private var introduction: String {
    let columns = document.data.columns ?? document.data.features
    let classes = document.data.classes
    return """
      # \(model.name): \(text(request.target.column)) by \(text(document.data.file))

      Predicts which of \(classes.count) classes a row is of, \(list(classes)), from \(columns.count) \
      \(columns.count == 1 ? "column" : "columns"): \(list(columns)).

      """
  }

  private var data: String {
    let data = document.data
    let rules = request.target.classes.map(\.description)
    let dropped = (data.droppedRows ?? 0, data.incompleteRows ?? 0)
    var lines = [
      "\(text(data.file)), SHA-256 `\(data.sha256)`",
      "\(NumberText.grouped(rowCount.training)) training rows and \(NumberText.grouped(rowCount.test)) test rows"
        + (refit.map { "; this model was fitted again on all \(NumberText.grouped($0.rowCount))" }
          ?? ""),
    ]
    if dropped.0 > 0 {
      lines.append("\(NumberText.grouped(dropped.0)) rows without a label were dropped")
    }
    if dropped.1 > 0 {
      lines.append("\(NumberText.grouped(dropped.1)) rows with a missing cell were dropped")
    }
    lines += (data.division?.sentences ?? []).map(text)
    if let names = data.nameColumns, !names.isEmpty {
      lines.append("Columns of names: \(list(names))")
    }
    if !rules.isEmpty {
      lines.append("Classes by the values of \(text(request.target.column)): \(list(rules))")
    }
    let counts = zip(
      model.train.confusionMatrix.actualCounts, model.validate.confusionMatrix.actualCounts)
    return "## Data\n\n" + Self.list(lines) + "\n"
      + MarkdownText.table(
        [["Class", "Training rows", "Test rows"]]
          + zip(data.classes, counts).map { name, counts in
            [text(name), NumberText.grouped(counts.0), NumberText.grouped(counts.1)]
          })
  }

  private var results: String {
    let intervals = document.statistics?.intervals(of: model.name)
    let baseline = document.baseline
    let rows = document.metrics.map { metric in
      [
        metric.title, Self.number(model.validate[metric]),
        intervals?[metric]?.interval?.text ?? "–", Self.number(baseline?.validation[metric]),
      ]
    }
    let always = baseline.map { "Always \(text($0.className))" } ?? "Baseline"
    return "## Results\n\n"
      + "On the \(NumberText.grouped(rowCount.test)) test rows"
      + (refit == nil ? "" : ", of the same model fitted on the training rows alone")
      + ". Precision, recall and F1 are \(metricsAreOf).\n\n"
      + MarkdownText.table([["Metric", "Value", "95 % interval", always]] + rows)
  }

  private var metricsAreOf: String {
    document.data.classes.count == 2
      ? "those of \(text(document.data.classes[1]))" : "means over the classes"
  }

  /// Beyond so many classes the matrix is no longer read.
  private static let largestMatrix = 12

  private var confusion: String {
    let names = document.data.classes.map(text)
    guard names.count <= Self.largestMatrix else { return "" }
    let rows = zip(names, model.validate.confusionMatrix.counts).map { name, counts in
      [name] + counts.map(NumberText.grouped)
    }
    return "Rows of each actual class by the predicted one:\n\n"
      + MarkdownText.table([["Actual"] + names] + rows)
  }

  private var limits: String {
    var lines = (document.dataFindings ?? []).map { finding in
      text("\(finding.title): \(finding.found). \(finding.meaning)")
    }
    lines += document.metrics.compactMap { metric in
      model.validate.confusionMatrix.gap(for: metric, classNames: document.data.classes).map {
        text("\(metric.title) is not defined for these test rows: \($0).")
      }
    }
    if request.preprocessingFit == .all {
      lines.append(
        "Encoders and scaler were fitted on all rows, test rows among them; the model itself was not."
      )
    }
    if let count = document.chosenFrom {
      lines.append(
        "It is the best of \(count) candidates, chosen by rows among which the test rows are.")
    } else if document.models.count > 1 {
      lines.append(
        "It is one of \(document.models.count) models that were compared on the same test rows; the best of several "
          + "looks better there than on new rows.")
    }
    lines.append("Rows from elsewhere, or of a later time, may be distributed otherwise: see Use.")
    return "## Limits\n\n" + Self.list(lines)
  }

  private var making: String {
    var own = request
    own.data = document.data.file
    own.testData = document.data.division?.testData?.file
    let version = document.versions["compare-models"] ?? ""
    let rows = model.hyperparameters.sorted { $0.key < $1.key }.map {
      ["`\($0.key)`", text($0.value.description)]
    }
    return "## How it was made\n\n"
      + "By version \(text(version)) of compare-models, with the seed \(document.seed):\n\n"
      + Self.code(ShellCommand.text(own.command)) + "\n"
      + "The same table, the same command and the same version make the same bytes, which "
      + "`compare-models reproduce` checks.\n\n"
      + MarkdownText.table([["Hyper-parameter", "Value"]] + rows)
  }

  private var use: String {
    let threshold = model.threshold.flatMap(\.value).map {
      "\n“\(text(document.data.classes[1]))” is predicted from a probability of \($0) on, which was the cheapest "
        + "where mistakes cost \(list(model.threshold?.costs ?? [])).\n"
    }
    return "## Use\n\n"
      + Self.code(
        "compare-models predict --model FOLDER --data new.csv",
        "compare-models evaluate FOLDER --data labelled.csv") + (threshold ?? "")
  }

  private var license: String {
    "## Licence and contact\n\nTo be filled in: the licence of the model and of its data, what the model is meant for, "
      + "and who answers for it.\n"
  }

  // MARK: Text

  private static func number(_ value: Double?) -> String {
    value.map { NumberText.plain($0, digits: 4) } ?? "–"
  }
  private static func list(_ lines: [String]) -> String { lines.map { "- \($0)\n" }.joined() }

  /// Lines of code, which nothing within can end.
  private static func code(_ lines: String...) -> String {
    lines.map { "    " + SafeText.line($0, limit: .max) + "\n" }.joined()
  }
}
