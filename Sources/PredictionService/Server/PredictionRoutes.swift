import JSON
import SavedModels

/// The routes that predict for programs.
extension PredictionResponder {
  static let predictionRoutes = [
    Route("/api/predict", ["POST": { $1.predict($0) }]),
    Route(
      "/api/model",
      [
        "GET": { request, responder in
          responder.withModel(request) { .json(ModelJSON.full($0)) }
        }
      ]),
  ]

  private func predict(_ request: ServiceRequest) -> ServiceAnswer {
    let type = request.mediaType
    guard type == MediaType.json || type == MediaType.csv else {
      return Self.problem(
        Problem(
          "expected the content type \(MediaType.json) or \(MediaType.csv), found "
            + (type.isEmpty ? "none" : JSONReader.quoted(type))),
        status: 415, request)
    }
    return withModel(request) { model in
      type == MediaType.json
        ? Self.predictJSON(request, model) : Self.predictCSV(request, model)
    }
  }

  private static func predictJSON(
    _ request: ServiceRequest, _ model: ServedModel
  ) -> ServiceAnswer {
    var reader = JSONReader(Array(request.body.readableBytesView))
    var writer = PredictionWriter(model)
    do throws(JSONError) {
      let isWhole: Bool
      if reader.peek() == UInt8(ascii: "[") {
        isWhole = try predictList(&reader, &writer, model)
      } else {
        let row = try RowReader.row(&reader, model)
        try reader.finish()
        isWhole = append(row, to: &writer, model)
      }
      writer.append(UInt8(ascii: "\n"))
      return ServiceAnswer(isWhole ? 200 : 422, MediaType.jsonText, writer.bytes)
    } catch {
      return .json(
        Problem("not JSON: \(error)", position: error.position), status: 400)
    }
  }

  /// Reads an array of rows; nothing is predicted unless all of it is JSON.
  private static func predictList(
    _ reader: inout JSONReader, _ writer: inout PredictionWriter, _ model: ServedModel
  ) throws(JSONError) -> Bool {
    var rows: [ReadRow] = []
    try reader.array { reader throws(JSONError) in
      guard rows.count < rowLimit else {
        throw reader.error("expected at most \(rowLimit) rows")
      }
      rows.append(try RowReader.row(&reader, model))
    }
    try reader.finish()
    var isWhole = true
    writer.append(UInt8(ascii: "["))
    for (index, row) in rows.enumerated() {
      if index > 0 { writer.append(UInt8(ascii: ",")) }
      if !append(row, to: &writer, model) { isWhole = false }
    }
    writer.append(UInt8(ascii: "]"))
    return isWhole
  }

  /// Appends a row's prediction, or what is wrong with it; false then.
  private static func append(
    _ row: ReadRow, to writer: inout PredictionWriter, _ model: ServedModel
  ) -> Bool {
    switch row {
    case .values(let values, let notices):
      writer.append(model.predict(values), notices: notices)
      return true
    case .problems(let problems):
      writer.append(problems: problems)
      return false
    }
  }

  private static func predictCSV(
    _ request: ServiceRequest, _ model: ServedModel
  ) -> ServiceAnswer {
    let rows: [CSVRows.Row]
    do throws(CSVRows.TableError) {
      rows = try CSVRows(Array(request.body.readableBytesView), model, limit: rowLimit).rows
    } catch {
      return .json(Problem("line \(error.line): \(error.problem)"), status: 400)
    }
    var problems: [FieldRemark] = []
    var valid: [[Double]] = []
    valid.reserveCapacity(rows.count)
    for row in rows {
      switch row.row {
      case .values(let values, _): valid.append(values)
      case .problems(let found):
        problems += found.map {
          FieldRemark(field: $0.field, message: "line \(row.line): \($0.message)")
        }
      }
    }
    guard problems.isEmpty else { return .json(Problem(problems), status: 422) }
    var bytes = Array(CSVText.line(["label"] + model.classNames.map { "probability_" + $0 }).utf8)
    for values in valid {
      let prediction = model.predict(values)
      bytes += CSVText.cell(prediction.className).utf8
      for probability in prediction.probabilities {
        bytes.append(UInt8(ascii: ","))
        bytes += probability.description.utf8
      }
      bytes.append(UInt8(ascii: "\n"))
    }
    return ServiceAnswer(200, MediaType.csvText, bytes)
  }
}

/// Cells of a CSV text.
enum CSVText {
  static func line(_ cells: [String]) -> String {
    cells.map(cell).joined(separator: ",") + "\n"
  }

  /// The text, in quotes where it needs them.
  static func cell(_ text: String) -> String {
    let isSpecial = text.utf8.contains { ",\"\n\r".utf8.contains($0) }
    guard isSpecial || text.hasPrefix(" ") || text.hasSuffix(" ") else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
