import Report
import SavedModels

/// The page with the form.
struct FormPage {
  let model: (pipeline: SavedPipeline, fields: [FeatureField])
  let foot: [String]
  /// What is in the fields, by name.
  var values: [String: String] = [:]
  var problems: [FieldRemark] = []

  var markup: Markup {
    let title = FormPage.question(model.pipeline)
    return PageFrame.page(
      title: problems.isEmpty ? title : "Not predicted: " + title, current: "/", foot: foot,
      [
        Markup("h1", [:], title),
        Markup("p", ["class": "lead"], introduction),
        summary,
        Markup(
          "form", ["method": "post", "action": "/predict", "autocomplete": "off"],
          [
            Markup("div", ["class": "fields"], model.fields.map(field)),
            Markup(
              "p", ["class": "actions"],
              [
                Markup("button", ["type": "submit"], "Predict"),
                Markup(
                  "a", ["href": "/?" + FormFields.query(Self.example(model.pipeline))],
                  "Fill in an example"),
              ]),
          ]),
      ])
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
  private var summary: Markup {
    guard !problems.isEmpty else { return .nothing }
    let names = Set(model.fields.map(\.name))
    let labels = Dictionary(model.fields.map { ($0.name, $0.label) }) { first, _ in first }
    return Markup(
      "section", ["class": "problems", "role": "alert", "aria-labelledby": "problems-heading"],
      [
        Markup(
          "h2", ["id": "problems-heading"],
          problems.count == 1
            ? "One thing keeps this from being predicted"
            : "\(problems.count) things keep this from being predicted"),
        Markup(
          "ul", [:],
          problems.map { problem in
            let text = (labels[problem.field] ?? problem.field) + ": " + problem.message
            return Markup(
              "li", [:],
              names.contains(problem.field)
                ? [Markup("a", ["href": "#field-\(problem.field)"], text)] : [.text(text)])
          }),
      ])
  }

  private func field(_ field: FeatureField) -> Markup {
    let messages = problems.filter { $0.field == field.name }.map(\.message)
    var attributes: [Markup.Attribute] = [
      .init("id", "field-" + field.name), .init("name", field.name),
      .init("required", "required"),
      .init(
        "aria-describedby",
        messages.isEmpty ? "hint-\(field.name)" : "hint-\(field.name) error-\(field.name)"),
    ]
    if !messages.isEmpty { attributes.append(.init("aria-invalid", "true")) }
    let value = values[field.name] ?? ""
    return Markup(
      "div", ["class": messages.isEmpty ? "field" : "field wrong"],
      [
        Markup(
          "label", ["for": "field-" + field.name],
          [
            .text(field.label),
            field.unit.map { Markup("span", ["class": "unit"], " in \($0)") } ?? .nothing,
          ]),
        control(field, attributes, value),
        Markup("p", ["class": "hint", "id": "hint-" + field.name], field.hint),
        messages.isEmpty
          ? .nothing
          : Markup(
            "p", ["class": "error", "id": "error-" + field.name],
            messages.joined(separator: "; ")),
      ])
  }

  private func control(
    _ field: FeatureField, _ attributes: [Markup.Attribute], _ value: String
  ) -> Markup {
    switch field.kind {
    case .number(_, let step):
      // A text, where a number was not understood: browsers show nothing in a field for numbers then.
      let isNumber = value.isEmpty || Double(value) != nil
      var attributes = attributes
      attributes += [
        .init("type", isNumber ? "number" : "text"), .init("inputmode", "decimal"),
        .init("value", value),
      ]
      if isNumber {
        attributes.append(.init("step", step.map(FeatureField.text) ?? "any"))
        if field.isNeverNegative { attributes.append(.init("min", "0")) }
      }
      return .element(name: "input", attributes: attributes, children: [])
    case .choice(let names):
      let isKnown = names.contains(value)
      let options = names.map { name in
        name == value
          ? Markup("option", ["value": name, "selected": "selected"], name)
          : Markup("option", ["value": name], name)
      }
      let first =
        isKnown
        ? Markup("option", ["value": ""], "Choose")
        : Markup("option", ["value": "", "selected": "selected"], "Choose")
      return .element(name: "select", attributes: attributes, children: [first] + options)
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
