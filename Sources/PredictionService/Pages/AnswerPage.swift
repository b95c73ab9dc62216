import Report
import SavedModels
import Templates

/// The page that answers, as a template for each class.
///
/// What it says differs from request to request in few places, so it is rendered once.
struct AnswerPage: Sendable {
  private let templates: [PageTemplate]
  private let fields: [FeatureField]

  init(_ pipeline: SavedPipeline, _ fields: [FeatureField], foot: [String]) {
    self.fields = fields
    templates = pipeline.classNames.indices.map { label in
      PageTemplate(Self.page(label, pipeline, fields, foot).bytes)
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
  ) -> Piece {
    let names = pipeline.classNames
    return Piece(
      .answer,
      [
        "frame": PageFrame.piece(
          title: "\(names[label]): \(FormPage.question(pipeline))", foot: foot),
        "name": names[label], "style": style(of: names[label]),
        "percent": PageTemplate.place(2 + 2 * label),
        "classes": names.enumerated().map { label, name in
          Piece([
            "name": name, "style": style(of: name), "percent": PageTemplate.place(2 + 2 * label),
            "probability": PageTemplate.place(3 + 2 * label),
          ])
        },
        "notices": PageTemplate.place(0), "back": PageTemplate.place(1),
        "fields": fields.enumerated().map { index, field in
          Piece([
            "label": field.label, "value": PageTemplate.place(2 + 2 * names.count + index),
            "unit": field.unit,
          ])
        },
      ])
  }

  /// The CSS class of the two classes that have a colour of their own.
  private static func style(of name: String) -> String {
    ["Gold", "Silver"].contains(name) ? name.lowercased() : "plain"
  }

  private static func notices(_ notices: [FieldRemark], _ fields: [FeatureField]) -> [UInt8] {
    guard !notices.isEmpty else { return [] }
    let labels = Dictionary(fields.map { ($0.name, $0.label) }) { first, _ in first }
    return Piece(
      .notices,
      ["notices": notices.map { "\(labels[$0.field] ?? $0.field): \($0.message)" }]
    ).bytes
  }
}
