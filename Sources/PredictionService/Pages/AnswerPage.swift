import Report
import SavedModels

/// The page that answers, as a template for each class.
///
/// What it says differs from request to request in few places, so it is rendered once.
struct AnswerPage: Sendable {
  private let templates: [PageTemplate]
  private let fields: [FeatureField]

  init(_ pipeline: SavedPipeline, _ fields: [FeatureField], foot: [String]) {
    self.fields = fields
    templates = pipeline.classNames.indices.map { label in
      PageTemplate(Self.page(label, pipeline, fields, foot))
    }
  }

  /// The page for a prediction.
  ///
  /// - Parameter texts: what was in the fields, in their order.
  func bytes(
    _ prediction: SavedPipeline.Prediction, texts: [String], notices: [FieldRemark]
  ) -> [UInt8] {
    let query = FormFields.query(zip(fields, texts).map { ($0.name, $1) })
    var contents: [PageTemplate.Content] = [
      .markup(Self.notices(notices, fields)), .text("/?" + query),
    ]
    for probability in prediction.probabilities {
      contents.append(.text(NumberText.percent(probability)))
      contents.append(.text(probability.description))
    }
    contents += texts.map { .text($0) }
    return templates[prediction.classIndex].filled(contents)
  }

  // Places: 0 the notices, 1 the link back, then two for each class, then one for each field.
  private static func page(
    _ label: Int, _ pipeline: SavedPipeline, _ fields: [FeatureField], _ foot: [String]
  ) -> Markup {
    let name = pipeline.classNames[label]
    let percent = PageTemplate.place(2 + 2 * label)
    return PageFrame.page(
      title: "\(name): \(FormPage.question(pipeline))", foot: foot,
      [
        Markup(
          "div", ["class": "verdict " + style(of: name)],
          [
            Markup("h1", [:], name),
            Markup("p", ["class": "lead"], "The model is \(percent) sure of it."),
          ]),
        Markup(
          "section", ["aria-labelledby": "probabilities"],
          [
            Markup("h2", ["id": "probabilities"], "Probabilities"),
            Markup("dl", ["class": "probabilities"], probabilities(pipeline.classNames)),
          ]),
        .text(PageTemplate.place(0)),
        Markup(
          "p", ["class": "actions"],
          [
            Markup(
              "a", ["class": "button", "href": PageTemplate.place(1)], "Change the values"),
            Markup("a", ["href": "/"], "Another one"),
          ]),
        Markup(
          "section", ["aria-labelledby": "asked"],
          [
            Markup("h2", ["id": "asked"], "What was asked"),
            Markup(
              "dl", ["class": "facts"],
              fields.enumerated().map { index, field in
                let place = PageTemplate.place(2 + 2 * pipeline.classNames.count + index)
                return Markup(
                  "div", [:],
                  [
                    Markup("dt", [:], field.label),
                    Markup("dd", [:], field.unit.map { "\(place) \($0)" } ?? place),
                  ])
              }),
          ]),
      ])
  }

  /// The CSS class of the two classes that have a colour of their own.
  private static func style(of name: String) -> String {
    ["Gold", "Silver"].contains(name) ? name.lowercased() : "plain"
  }

  private static func probabilities(_ names: [String]) -> [Markup] {
    names.enumerated().map { label, name in
      Markup(
        "div", ["class": style(of: name)],
        [
          Markup("dt", [:], name),
          Markup(
            "dd", [:],
            [
              // A bar for the eyes; the number beside it is for all.
              Markup(
                "svg",
                [
                  "viewBox": "0 0 1 1", "preserveAspectRatio": "none", "aria-hidden": "true",
                ],
                [
                  Markup(
                    "rect",
                    ["width": PageTemplate.place(3 + 2 * label), "height": "1"])
                ]),
              Markup("span", ["class": "percent"], PageTemplate.place(2 + 2 * label)),
            ]),
        ])
    }
  }

  private static func notices(_ notices: [FieldRemark], _ fields: [FeatureField]) -> Markup {
    guard !notices.isEmpty else { return .nothing }
    let labels = Dictionary(fields.map { ($0.name, $0.label) }) { first, _ in first }
    return Markup(
      "section", ["class": "notices", "aria-labelledby": "notices-heading"],
      [
        Markup("h2", ["id": "notices-heading"], "Take this with care"),
        Markup(
          "ul", [:],
          notices.map { Markup("li", [:], "\(labels[$0.field] ?? $0.field): \($0.message)") }),
      ])
  }
}
