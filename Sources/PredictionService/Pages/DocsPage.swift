import HTML
import Support

/// The page with the description of the API.
///
/// - Parameter prefix: the path at which clients find the service.
func docsPage(_ model: ServedModel?, prefix: String) -> HTML {
  page(title: "API", current: "/docs", model?.pages.frame ?? .empty, isWide: true) {
    h1 { "Using the API" }
    p(.class("lead")) {
      a(.href("openapi.json")) { code { "openapi.json" } }
      " has the same description for programs."
    }
    if let model {
      h2 { "Row" }
      p { "A JSON object with all of these members:" }
      div(.class("scroll")) {
        headedTable(
          ["Name", "Value", "Meaning"],
          model.fields.map { field in
            (code { field.name }, [values(of: field), meaning(of: field)])
          }, class: "plain")
      }
      h2 { "Endpoints" }
    }
    for operation in APIDescription(model: model, prefix: prefix).operations {
      operationSection(operation)
    }
  }
}

private func operationSection(_ operation: APIOperation) -> HTML {
  section(.class("operation")) {
    h3 {
      span(.class("method")) { operation.method }
      code { operation.path }
    }
    p { operation.summary }
    if let detail = operation.detail { p(.class("note")) { detail } }
    if let example = operation.example { pre(.tabindex(0)) { example } }
    headedTable(
      ["Status", "Meaning", "Type"],
      operation.responses.map {
        (HTML("\($0.status)"), [$0.meaning, $0.mediaTypes.joined(separator: ", ")])
      }, class: "plain")
  }
}

private func values(of field: FeatureField) -> String {
  switch field.kind {
  case .choice(let names): names.joined(separator: ", ")
  case .number(let range, _):
    "a number; \(NumberText.shortest(range.lowerBound)) to "
      + "\(NumberText.shortest(range.upperBound)) in training"
  }
}

private func meaning(of field: FeatureField) -> String {
  field.label + (field.unit.map { " in " + $0 } ?? "") + (field.meaning.map { ": " + $0 } ?? "")
}
