import Evaluation
import JSON
public import Support

/// Several past runs side by side, with their differences from the first.
public struct RunDifferences: Sendable {
  /// A run, under the name that is shown for it.
  public struct Run: Sendable {
    public let name: String
    public let document: ComparisonDocument

    /// Reads a finished run's `comparison.json`.
    public init(folder: String) throws(FileError) {
      name = Files.withoutSlash(folder)
      document = try JSONDocument.decode(
        ComparisonDocument.self, from: name + "/" + ComparisonDocument.fileName)
    }
  }

  private let runs: [Run]

  /// - Parameter runs: at least two.
  public init(_ runs: [Run]) {
    precondition(runs.count >= 2, "there must be something to compare")
    self.runs = runs
  }

  /// Reads finished runs.
  ///
  /// - Parameter folders: at least two.
  public init(folders: [String]) throws(FileError) {
    self.init(try folders.map { folder throws(FileError) in try Run(folder: folder) })
  }

  /// What the runs do not have in common, a line each; none where they agree in all but their numbers.
  public var conditions: [String] {
    func differing(_ title: String, _ value: (ComparisonDocument) -> String) -> [String] {
      let values = runs.map { value($0.document) }
      guard Set(values).count > 1 else { return [] }
      return ["\(title): " + values.joined(separator: " | ")]
    }
    var lines =
      differing("data") {
        "\($0.data.file), \($0.data.rows) rows, SHA-256 \($0.data.sha256.prefix(12))"
      }
      + differing("features") { $0.data.features.joined(separator: " ") }
      + differing("classes") { $0.data.classes.joined(separator: " ") }
      + differing("rows divided") { $0.data.division.words }
      + differing("seed") { "\($0.seed)" }
      + differing("folds") { document in
        document.crossValidation.map { "\($0.folds), \($0.repeats) times" } ?? "none"
      }
    for name in Set(runs.flatMap { $0.document.versions.keys }).sorted() {
      lines += differing("version of \(name)") { $0.versions[name] ?? "–" }
    }
    for model in modelNames {
      let parts = runs.map { run in run.document.models.first { $0.name == model } }
      let names = Set(parts.flatMap { ($0?.hyperparameters ?? [:]).keys }).sorted()
      for name in names {
        let values = parts.map { part in
          part.map { $0.hyperparameters[name]?.description ?? "none" } ?? "–"
        }
        if Set(values).count > 1 {
          lines.append("\(model).\(name): " + values.joined(separator: " | "))
        }
      }
    }
    return lines
  }

  /// Whose precision and recall the table shows; `nil` where that differs.
  var caption: String? {
    let classes = runs[0].document.data.classes
    guard runs.allSatisfy({ $0.document.data.classes == classes }) else { return nil }
    return ClassCaption.text(classes)
  }

  /// One row per model and run: the metrics, and below each later run its differences.
  public func rendered(
    as format: TableFormat, bold: Bool = false, width: Int? = nil
  ) -> String {
    let rows = rows(digits: format == .csv ? nil : 4)
    return switch format {
    case .table: TextTable(rows: rows).aligned(bold: bold, width: width)
    case .markdown: TextTable(rows: rows).markdown
    case .csv: rows.map { row in CSVWriter.row(row.map(\.text)) }.joined()
    }
  }

  /// In the order in which they first come.
  private var modelNames: [String] {
    var names: [String] = []
    for run in runs {
      for model in run.document.models where !names.contains(model.name) {
        names.append(model.name)
      }
    }
    return names
  }

  /// - Parameter digits: after the point; `nil` for every digit there is.
  private func rows(digits: Int?) -> [[TextTable.Cell]] {
    let classCount = runs.map(\.document.data.classes.count).max() ?? 2
    let costs = Set(runs.map(\.document.costs))
    let metrics =
      Metric.shown(classCount: classCount) + (costs.count == 1 && costs != [nil] ? [.cost] : [])
    func text(_ value: Double, signed: Bool = false) -> String {
      let number = digits.map { NumberText.plain(value, digits: $0) } ?? value.description
      return signed && value > 0 ? "+" + number : number
    }
    let titles = metrics.map { digits == nil ? $0.rawValue : $0.title }
    let header =
      [digits == nil ? "model" : "Model", digits == nil ? "run" : "Run"] + titles
      + (digits == nil ? ["fit_seconds", "predict_seconds"] : ["Fit (s)", "Predict (s)"])
    var rows = [header.map { TextTable.Cell($0) }]
    for model in modelNames {
      let parts = runs.map { run in run.document.models.first { $0.name == model } }
      func numbers(_ part: ComparisonDocument.ModelPart) -> [Double?] {
        metrics.map { part.validate.values[$0] } + [part.fitSeconds, part.predictSeconds]
      }
      let best = metrics.map { metric in metric.best(parts.map { $0?.validate.values[metric] }) }
      let first = parts[0].map(numbers)
      for (run, part) in zip(runs, parts) {
        guard let part else { continue }
        let values = numbers(part)
        let own = values.enumerated().map { column, value in
          TextTable.Cell(
            value.map { text($0) } ?? "–",
            isBest: digits != nil && column < metrics.count && value != nil
              && value == best[column]
              && Set(parts.map { $0?.validate.values[metrics[column]] }).count > 1)
        }
        rows.append([TextTable.Cell(model), TextTable.Cell(run.name)] + own)
        guard run.name != runs[0].name, let first else { continue }
        rows.append(
          [TextTable.Cell(digits == nil ? model : ""), TextTable.Cell("difference")]
            + zip(values, first).map { value, first in
              guard let value, let first else { return TextTable.Cell("–") }
              return TextTable.Cell(text(value - first, signed: true))
            })
      }
    }
    return rows
  }
}
