import Templates

/// The description of the API, to be read.
struct DocsPage {
  let model: ServedModel?

  var bytes: [UInt8] {
    let operations = APIDescription(model: model).operations
    return Piece(
      .docs,
      [
        "frame": PageFrame.piece(
          title: "API", current: "/docs", foot: model?.pages.foot ?? [], isWide: true),
        "hasModel": model != nil, "fields": model?.fields.map(piece),
        "operations": operations.map(piece),
      ]
    ).bytes
  }

  private func piece(_ field: FeatureField) -> Piece {
    let value =
      switch field.kind {
      case .choice(let names): names.joined(separator: ", ")
      case .number(let range, _):
        "a number; \(FeatureField.text(range.lowerBound)) to "
          + "\(FeatureField.text(range.upperBound)) in training"
      }
    return Piece([
      "name": field.name, "value": value, "label": field.label, "unit": field.unit,
      "meaning": field.meaning,
    ])
  }

  private func piece(_ operation: APIOperation) -> Piece {
    Piece([
      "method": operation.method, "path": operation.path, "summary": operation.summary,
      "detail": operation.detail, "example": operation.example,
      "responses": operation.responses.map { response in
        Piece([
          "status": "\(response.status)", "meaning": response.meaning,
          "types": response.mediaTypes.joined(separator: ", "),
        ])
      },
    ])
  }
}
