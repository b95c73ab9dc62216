import Datasets
import HTTPTypes
import Hummingbird
import JSON
import Support

/// The routes that predict for programs.
enum PredictionRoutes {
  static let all = [
    Route(.post, "/api/predict", predict),
    Route(.get, "/api/model") { _, _, state throws(Problem) in
      .json(ModelJSON.full(try state.loadedModel()))
    },
  ]

  private static func predict(
    _ request: Request, _ context: ServiceContext, _ state: ServiceState
  ) throws(Problem) -> Response {
    let body = Array(context.body.readableBytesView)
    switch request.mediaType {
    case MediaType.json: return try predictJSON(body, state.loadedModel())
    case MediaType.csv: return try predictCSV(body, state.loadedModel())
    case let type:
      throw Problem(
        .unsupportedMediaType,
        "expected the content type \(MediaType.json) or \(MediaType.csv), found "
          + (type.isEmpty ? "none" : JSONReader.quoted(type))
          + (type == MediaType.form ? curlAdvice : ""))
    }
  }

  /// `curl -d @FILE` sends a file as a form, and without its line ends.
  private static let curlAdvice =
    "; curl sends a file as it is with -H \"Content-Type: text/csv\" --data-binary @FILE, and without its "
    + "line ends with -d @FILE"

  private static func predictJSON(
    _ body: [UInt8], _ model: ServedModel
  ) throws(Problem) -> Response {
    var reader = JSONReader(body)
    var rows = RowReader(model.features)
    let isList = reader.peek() == UInt8(ascii: "[")
    do throws(JSONError) {
      if isList {
        try reader.array { reader throws(JSONError) in
          guard rows.rowCount < ServiceState.rowLimit else {
            throw reader.error("expected at most \(ServiceState.rowLimit) rows")
          }
          try rows.takeRow(&reader)
        }
      } else {
        try rows.takeRow(&reader)
      }
      // Nothing is predicted unless the whole body is JSON.
      try reader.finish()
    } catch {
      throw Problem(error)
    }
    return answer(rows.finish(), isList: isList, model)
  }

  /// Predicts the valid rows; the others have their problems in their place.
  private static func answer(_ read: ReadRows, isList: Bool, _ model: ServedModel) -> Response {
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
    return Response(
      validCount == read.rows.count ? .ok : .unprocessableContent, MediaType.jsonText, writer.bytes)
  }

  private static func predictCSV(_ body: [UInt8], _ model: ServedModel) throws(Problem) -> Response
  {
    let isOneLine = !body.contains { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    let table: CSVRows
    do throws(CSVError) {
      table = try CSVRows(body, model, limit: ServiceState.rowLimit)
    } catch {
      throw Problem(
        .badRequest,
        "line \(error.line): \(error.problem)" + (isOneLine && !body.isEmpty ? curlAdvice : ""))
    }
    guard !isOneLine else {
      throw Problem(.badRequest, "line 1: expected rows below the header, found none" + curlAdvice)
    }
    var problems: [FieldRemark] = []
    var (problemRowCount, unlistedCount) = (0, 0)
    for (row, line) in zip(table.read.rows, table.lines) {
      guard case .problems(let found) = row else { continue }
      problemRowCount += 1
      guard problemRowCount <= RowReader.listLimit else {
        unlistedCount += found.reduce(0) { $0 + $1.count }
        continue
      }
      problems += found.map {
        FieldRemark(field: $0.field, message: "line \(line): \($0.message)", count: $0.count)
      }
    }
    if problemRowCount > RowReader.listLimit {
      let others = problemRowCount - RowReader.listLimit
      problems.append(
        FieldRemark(field: "", message: "and \(others) more rows", count: unlistedCount))
    }
    guard problems.isEmpty else { throw Problem(problems) }
    let predictions = model.predict(rows: table.read.values)
    let names = model.classNames.map { CSVWriter.cell($0) }
    var answer = CSVWriter()
    answer.row(["label"] + model.classNames.map { "probability_" + $0 })
    for (row, label) in predictions.labels.enumerated() {
      answer.cell(prepared: names[label])
      for share in predictions.shares.row(row) { answer.cell(share) }
      answer.endRow()
    }
    return Response(.ok, MediaType.csvText, answer.bytes)
  }
}
