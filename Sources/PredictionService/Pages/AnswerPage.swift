import HTML
import ModelFiles
import SavedModels
import Support

/// The page with a prediction, rendered once for each class: only a few places differ from request to
/// request.
struct AnswerPage: Sendable {
  /// A place that differs.
  private enum Field {
    case notices
    /// The address of the form with the values in it.
    case formAddress
    /// A class's probability, as text and as the length of a bar.
    case percent(label: Int)
    case share(label: Int)
    /// The text in a field of the form.
    case value(Int)
  }

  private let pages: [PrerenderedPage<Field>]
  private let fields: [FeatureField]

  init(_ pipeline: SavedPipeline, _ fields: [FeatureField], _ frame: PageFrame) {
    self.fields = fields
    pages = pipeline.classNames.indices.map { label in
      PrerenderedPage { Self.page(label, pipeline, fields, frame, blank: $0) }
    }
  }

  /// The page for a prediction.
  ///
  /// - Parameter texts: the texts in the fields, in their order.
  func html(
    _ prediction: SavedPipeline.Prediction, texts: [String], notices: [FieldRemark]
  ) -> HTML {
    pages[prediction.classIndex].filled { field, html in
      switch field {
      case .notices:
        if !notices.isEmpty { html.append(Self.notices(notices, fields)) }
      case .formAddress:
        html.append("./?" + FormFields.query(zip(fields, texts).map { ($0.name, $1) }))
      case .percent(let label):
        html.append(NumberText.percent(prediction.probabilities[label]))
      case .share(let label): html.append(prediction.probabilities[label].description)
      case .value(let index):
        html.append(texts[index].isEmpty ? CategoryDistribution.missingName : texts[index])
      }
    }
  }

  private static func page(
    _ label: Int, _ pipeline: SavedPipeline, _ fields: [FeatureField], _ frame: PageFrame,
    blank: (Field) -> Blank
  ) -> HTML {
    let names = pipeline.classNames
    return PredictionService.page(
      title: "\(names[label]): \(FormPage.question(pipeline))", frame
    ) {
      div(.class("verdict \(style(of: names[label]))")) {
        h1 { names[label] }
        p(.class("lead")) {
          "Predicted with a probability of "
          blank(.percent(label: label))
          "."
          if let threshold = pipeline.description.threshold {
            " “\(names[1])” is predicted from \(NumberText.percent(threshold.value)) on, "
              + "by what mistakes cost."
          }
        }
      }
      probabilities(names, blank)
      blank(.notices)
      p(.class("actions")) {
        a(.class("button"), .href(blank(.formAddress))) { "Change the values" }
        a(.href("./")) { "New prediction" }
      }
      values(fields, blank)
    }
  }

  private static func probabilities(_ names: [String], _ blank: (Field) -> Blank) -> HTML {
    section(.ariaLabelledBy("probabilities")) {
      h2(.id("probabilities")) { "Probabilities" }
      dl(.class("probabilities")) {
        for (label, name) in names.enumerated() {
          div(.class(style(of: name))) {
            dt { name }
            dd {
              // Hidden from screen readers, which read the number beside it.
              svg(.viewBox(width: 1, height: 1), .preserveAspectRatio("none"), .ariaHidden) {
                rect(.width(blank(.share(label: label))), .height(1))
              }
              span(.class("percent")) { blank(.percent(label: label)) }
            }
          }
        }
      }
    }
  }

  private static func values(_ fields: [FeatureField], _ blank: (Field) -> Blank) -> HTML {
    section(.ariaLabelledBy("values")) {
      h2(.id("values")) { "Input values" }
      dl(.class("facts")) {
        for (index, field) in fields.enumerated() {
          div {
            dt { field.label }
            dd {
              blank(.value(index))
              if let unit = field.unit { " " + unit }
            }
          }
        }
      }
    }
  }

  /// The CSS class of the two classes that have a colour of their own.
  private static func style(of name: String) -> String {
    ["Gold", "Silver"].contains(name) ? name.lowercased() : "plain"
  }

  private static func notices(_ notices: [FieldRemark], _ fields: [FeatureField]) -> HTML {
    let labels = Dictionary(fields.map { ($0.name, $0.label) }) { first, _ in first }
    return section(.class("notices"), .ariaLabelledBy("notices-heading")) {
      h2(.id("notices-heading")) { "Use this prediction with care" }
      ul {
        for notice in notices {
          li { "\(labels[notice.field] ?? notice.field): \(notice.message)" }
        }
      }
    }
  }
}
