import HTML
import ModelFiles
import SavedModels
import Support

/// The page with the form.
struct FormPage {
  let model: (pipeline: SavedPipeline, fields: [FeatureField])
  let frame: PageFrame
  /// The texts in the fields.
  var values: [(name: String, value: String)] = []
  var problems: [FieldRemark] = []

  var html: HTML {
    let question = FormPage.question(model.pipeline)
    let example = "./?" + FormFields.query(Self.example(model.pipeline))
    return page(
      title: problems.isEmpty ? question : "Error: " + question, current: "/", frame
    ) {
      h1 { question }
      p(.class("lead")) { introduction }
      if !problems.isEmpty { summaryOfProblems }
      form(.method("post"), .action("predict"), .autocomplete("off")) {
        div(.class("fields")) { model.fields.map(field) }
        p(.class("actions")) {
          button(.type("submit")) { "Predict" }
          a(.href(example)) { "Fill in an example" }
        }
      }
    }
  }

  /// The page's heading.
  static func question(_ pipeline: SavedPipeline) -> String {
    let names = pipeline.classNames
    guard pipeline.preprocessing.target == "cut", DiamondTerms.describe(pipeline.columns),
      names.count <= 3, let last = names.last
    else {
      return "Which \(pipeline.preprocessing.target) is it?"
    }
    let choice = names.dropLast().joined(separator: ", ")
    return choice.isEmpty ? "Is it \(last)?" : "Is this diamond \(choice) or \(last)?"
  }

  private var introduction: String {
    let meaning =
      frame.isOfDiamonds
      ? DiamondTerms.meaning(
        ofClasses: model.pipeline.classNames, target: model.pipeline.preprocessing.target) : nil
    return (meaning.map { $0 + " " } ?? "")
      + (model.fields.contains(where: \.isOptional)
        ? "Fields that may be left empty say so."
        : "All \(model.fields.count) fields are required.")
      + " Write numbers with a decimal point."
  }

  /// The problems, with links to their fields.
  private var summaryOfProblems: HTML {
    let labels = Dictionary(model.fields.map { ($0.name, $0.label) }) { first, _ in first }
    return section(.class("problems"), .role("alert"), .ariaLabelledBy("problems-heading")) {
      h2(.id("problems-heading")) {
        problems.count == 1
          ? "There is a problem with the input"
          : "There are \(problems.count) problems with the input"
      }
      ul {
        for problem in problems {
          li {
            if let label = labels[problem.field] {
              a(.href("#field-" + problem.field)) { label + ": " + problem.message }
            } else {
              problem.field + ": " + problem.message
            }
          }
        }
      }
    }
  }

  private func field(_ field: FeatureField) -> HTML {
    let messages = problems.filter { $0.field.hasBytes(of: field.name) }.map(\.message)
    return div(.class(messages.isEmpty ? "field" : "field wrong")) {
      label(.for("field-" + field.name)) {
        field.label
        if let unit = field.unit { span(.class("unit")) { " in " + unit } }
      }
      control(field, isWrong: !messages.isEmpty)
      p(.class("hint"), .id("hint-" + field.name)) { field.hint }
      if !messages.isEmpty {
        p(.class("error"), .id("error-" + field.name)) { messages.joined(separator: "; ") }
      }
    }
  }

  private func control(_ field: FeatureField, isWrong: Bool) -> HTML {
    let (id, name) = (Attribute.id("field-" + field.name), Attribute.name(field.name))
    let description = Attribute.ariaDescribedBy(
      "hint-" + field.name + (isWrong ? " error-" + field.name : ""))
    let invalid = Attribute.ariaInvalid(if: isWrong)
    let value = values.first { $0.name.hasBytes(of: field.name) }?.value ?? ""
    switch field.kind {
    case .number(_, let step):
      // A field for text if the value is not a number, which browsers would not show in a field for numbers.
      let isNumber = value.isEmpty || Double(value) != nil
      return input(
        id, name, .required(if: !field.isOptional), description, invalid,
        .type(isNumber ? "number" : "text"),
        .inputmode("decimal"), .value(value),
        .step(isNumber ? step.map(NumberText.shortest) ?? "any" : nil),
        .min(isNumber && field.isNeverNegative ? "0" : nil))
    case .choice(let names):
      return select(id, name, .required(if: !field.isOptional), description, invalid) {
        option(.value(""), .selected(if: !names.contains(value))) {
          field.isOptional ? CategoryDistribution.missingName : "Choose"
        }
        for name in names { option(.value(name), .selected(if: name == value)) { name } }
      }
    }
  }

  /// An example: the medians and the most frequent categories.
  static func example(_ pipeline: SavedPipeline) -> [(name: String, value: String)] {
    pipeline.columns.map { column in
      switch column.content {
      case .numbers(let numbers):
        let edges = numbers.binEdges
        let middle = edges.isEmpty ? numbers.minimum : edges[edges.count / 2]
        return (column.name, NumberText.shortest(middle))
      case .categories(let categories):
        // Behind the names there may be the share of missing values.
        let shares = categories.shares
        let best = categories.names.indices.max { shares[$0] < shares[$1] }
        return (column.name, categories.names[best ?? 0])
      }
    }
  }
}
