import SavedModels
import Templates

/// The page with the form.
struct FormPage {
  let model: (pipeline: SavedPipeline, fields: [FeatureField])
  let foot: [String]
  /// What is in the fields, by name.
  var values: [String: String] = [:]
  var problems: [FieldRemark] = []

  var bytes: [UInt8] {
    let question = FormPage.question(model.pipeline)
    let title = problems.isEmpty ? question : "Not predicted: " + question
    return Piece(
      .form,
      [
        "frame": PageFrame.piece(title: title, current: "/", foot: foot), "question": question,
        "introduction": introduction, "problems": problems.isEmpty ? nil : summary,
        "fields": model.fields.map(piece),
        "example": "/?" + FormFields.query(Self.example(model.pipeline)),
      ]
    ).bytes
  }

  /// What the page is about.
  static func question(_ pipeline: SavedPipeline) -> String {
    let names = pipeline.classNames
    guard pipeline.preprocessing.target == "cut", names.count <= 3, let last = names.last else {
      return "Which \(pipeline.preprocessing.target) is it?"
    }
    let choice = names.dropLast().joined(separator: ", ")
    return choice.isEmpty ? "Is it \(last)?" : "Is this diamond \(choice) or \(last)?"
  }

  private var introduction: String {
    let meaning = DiamondTerms.meaning(
      ofClasses: model.pipeline.classNames, target: model.pipeline.preprocessing.target)
    return (meaning.map { $0 + " " } ?? "")
      + "All \(model.fields.count) fields are needed. Numbers are written with a point."
  }

  /// What is to be mended, with links to the fields.
  private var summary: Piece {
    let labels = Dictionary(model.fields.map { ($0.name, $0.label) }) { first, _ in first }
    return Piece([
      "heading": problems.count == 1
        ? "One thing keeps this from being predicted"
        : "\(problems.count) things keep this from being predicted",
      "problems": problems.map { problem in
        let label = labels[problem.field]
        return Piece([
          "field": problem.field, "isOfField": label != nil,
          "text": (label ?? problem.field) + ": " + problem.message,
        ])
      },
    ])
  }

  private func piece(_ field: FeatureField) -> Piece {
    let messages = problems.filter { $0.field == field.name }.map(\.message)
    let isWrong = !messages.isEmpty
    let error = messages.joined(separator: "; ")
    let value = values[field.name] ?? ""
    switch field.kind {
    case .number(_, let step):
      // A text, where a number was not understood: browsers show nothing in a field for numbers then.
      let isNumber = value.isEmpty || Double(value) != nil
      return Piece(
        .numberField,
        [
          "name": field.name, "label": field.label, "unit": field.unit, "hint": field.hint,
          "isWrong": isWrong, "error": error, "type": isNumber ? "number" : "text",
          "value": value, "step": isNumber ? step.map(FeatureField.text) ?? "any" : nil,
          "minimum": isNumber && field.isNeverNegative ? "0" : nil,
        ])
    case .choice(let names):
      return Piece(
        .choiceField,
        [
          "name": field.name, "label": field.label, "unit": field.unit, "hint": field.hint,
          "isWrong": isWrong, "error": error, "isChosen": names.contains(value),
          "options": names.map { Piece(["name": $0, "isChosen": $0 == value]) },
        ])
    }
  }

  /// A plain example: the medians, and the categories that are most frequent.
  static func example(_ pipeline: SavedPipeline) -> [(name: String, value: String)] {
    pipeline.columns.map { column in
      switch column.content {
      case .numbers(let numbers):
        let edges = numbers.binEdges
        let middle = edges.isEmpty ? numbers.minimum : edges[edges.count / 2]
        return (column.name, FeatureField.text(middle))
      case .categories(let categories):
        let shares = categories.shares
        let best = shares.indices.max { shares[$0] < shares[$1] }
        return (column.name, categories.names[best ?? 0])
      }
    }
  }
}
