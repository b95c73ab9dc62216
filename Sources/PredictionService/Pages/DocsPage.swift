import Report

/// The description of the API, to be read.
struct DocsPage {
  let model: ServedModel?

  var markup: Markup {
    let operations = APIDescription(model: model).operations
    return PageFrame.page(
      title: "API", current: "/docs", foot: model?.pages.foot ?? [], wide: true,
      [
        Markup("h1", [:], "Asking from programs"),
        Markup(
          "p", ["class": "lead"],
          [
            "What this page says, ",
            Markup("a", ["href": "/openapi.json"], [Markup("code", [:], "openapi.json")]),
            " says to programs.",
          ]),
        fields,
      ] + operations.map(section))
  }

  private var fields: Markup {
    guard let model else { return .nothing }
    return .group([
      Markup("h2", [:], "A row"),
      Markup("p", [:], "An object with all of these members:"),
      Markup(
        "div", ["class": "scroll"],
        [
          Markup(
            "table", ["class": "plain"],
            [
              Markup(
                "thead", [:],
                [
                  Markup(
                    "tr", [:],
                    ["Name", "Value", "Meaning"].map { Markup("th", ["scope": "col"], $0) })
                ]),
              Markup("tbody", [:], model.fields.map(row)),
            ])
        ]),
      Markup("h2", [:], "Addresses"),
    ])
  }

  private func row(_ field: FeatureField) -> Markup {
    let value =
      switch field.kind {
      case .choice(let names): names.joined(separator: ", ")
      case .number(let range, _):
        "a number; \(FeatureField.text(range.lowerBound)) to "
          + "\(FeatureField.text(range.upperBound)) in training"
      }
    return Markup(
      "tr", [:],
      [
        Markup("th", ["scope": "row"], [Markup("code", [:], field.name)]),
        Markup("td", [:], value),
        Markup(
          "td", [:],
          field.label + (field.unit.map { " in " + $0 } ?? "")
            + (field.meaning.map { ": " + $0 } ?? "")),
      ])
  }

  private func section(_ operation: APIOperation) -> Markup {
    Markup(
      "section", ["class": "operation"],
      [
        Markup(
          "h3", [:],
          [
            Markup("span", ["class": "method"], operation.method),
            Markup("code", [:], operation.path),
          ]),
        Markup("p", [:], operation.summary),
        operation.detail.map { Markup("p", ["class": "note"], $0) } ?? .nothing,
        operation.example.map { Markup("pre", ["tabindex": "0"], $0) } ?? .nothing,
        Markup(
          "table", ["class": "plain"],
          [
            Markup(
              "thead", [:],
              [
                Markup(
                  "tr", [:],
                  ["Status", "Meaning", "Type"].map { Markup("th", ["scope": "col"], $0) })
              ]),
            Markup(
              "tbody", [:],
              operation.responses.map { response in
                Markup(
                  "tr", [:],
                  [
                    Markup("th", ["scope": "row"], "\(response.status)"),
                    Markup("td", [:], response.meaning),
                    Markup("td", [:], response.mediaTypes.joined(separator: ", ")),
                  ])
              }),
          ]),
      ])
  }
}
