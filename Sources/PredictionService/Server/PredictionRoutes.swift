import Datasets
import JSON
import Support

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
    var rows = RowReader(model.features)
    let isList = reader.peek() == UInt8(ascii: "[")
    do throws(JSONError) {
      if isList {
        try reader.array { reader throws(JSONError) in
          guard rows.rowCount < rowLimit else {
            throw reader.error("expected at most \(rowLimit) rows")
          }
          try rows.takeRow(&reader)
        }
      } else {
        try rows.takeRow(&reader)
      }
      // Nothing is predicted unless all of it is JSON.
      try reader.finish()
    } catch {
      return .json(
        Problem("not JSON: \(error)", position: error.position), status: 400)
    }
    return answer(rows.finish(), isList: isList, model)
  }

  /// Predicts the rows that can be predicted, and says of the others in their place what is wrong.
  private static func answer(
    _ read: ReadRows, isList: Bool, _ model: ServedModel
  ) -> ServiceAnswer {
    let predictions = model.predict(rows: read.values)
    var writer = PredictionWriter(model)
    var validCount = 0
    if isList { writer.append(UInt8(ascii: "[")) }
    for (index, row) in read.rows.enumerated() {
      if index > 0 { writer.append(UInt8(ascii: ",")) }
      switch row {
      case .valid(let notices):
        writer.append(
          label: predictions.labels[validCount], shares: predictions.shares.row(validCount),
          notices: notices)
        validCount += 1
      case .problems(let problems): writer.append(problems: problems)
      }
    }
    if isList { writer.append(UInt8(ascii: "]")) }
    writer.append(UInt8(ascii: "\n"))
    let status = validCount == read.rows.count ? 200 : 422
    return ServiceAnswer(status, MediaType.jsonText, writer.bytes)
  }

  private static func predictCSV(
    _ request: ServiceRequest, _ model: ServedModel
  ) -> ServiceAnswer {
    let table: CSVRows
    do throws(CSVError) {
      table = try CSVRows(Array(request.body.readableBytesView), model, limit: rowLimit)
    } catch {
      return .json(Problem("line \(error.line): \(error.problem)"), status: 400)
    }
    var problems: [FieldRemark] = []
    for (row, line) in zip(table.read.rows, table.lines) {
      guard case .problems(let found) = row else { continue }
      problems += found.map {
        FieldRemark(field: $0.field, message: "line \(line): \($0.message)")
      }
    }
    guard problems.isEmpty else { return .json(Problem(problems), status: 422) }
    let predictions = model.predict(rows: table.read.values)
    let names = model.classNames.map { CSVWriter.cell($0) }
    var answer = CSVWriter()
    answer.row(["label"] + model.classNames.map { "probability_" + $0 })
    for (row, label) in predictions.labels.enumerated() {
      answer.cell(prepared: names[label])
      for share in predictions.shares.row(row) { answer.cell(share) }
      answer.endRow()
    }
    return ServiceAnswer(200, MediaType.csvText, answer.bytes)
  }
}
