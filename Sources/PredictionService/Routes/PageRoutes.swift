import HTTPTypes
import Hummingbird
import NIOCore
import SavedModels

/// The routes with pages for people.
enum PageRoutes {
  static let all = [
    Route(.get, "/", form),
    Route(.get, "/predict") { request, _, state throws(Problem) in
      try predict(Array((request.uri.query ?? "").utf8), request, state)
    },
    Route(.post, "/predict") { request, context, state throws(Problem) in
      guard request.mediaType == MediaType.form else {
        throw Problem(.unsupportedMediaType, "expected a form (\(MediaType.form))")
      }
      return try predict(Array(context.body.readableBytesView), request, state)
    },
    Route(.get, "/monitor") { _, _, state throws(Problem) in
      Response(.ok, MediaType.page, MonitorPage(model: try state.loadedModel()).html.bytes)
    },
    Route(.get, "/docs") { request, _, state in
      Response(.ok, MediaType.page, docsPage(state.model, prefix: state.prefix(of: request)).bytes)
    },
  ]

  /// The form, with the query's values in its fields.
  private static func form(
    _ request: Request, _ context: ServiceContext, _ state: ServiceState
  ) throws(Problem) -> Response {
    let model = try state.loadedModel()
    guard let query = request.uri.query, let given = try? FormFields(Array(query.utf8)),
      !given.fields.isEmpty
    else { return Response(.ok, MediaType.page, model.pages.emptyForm) }
    return form(model, given.fields, problems: [], status: .ok)
  }

  private static func form(
    _ model: ServedModel, _ given: [(name: String, value: String)], problems: [FieldRemark],
    status: HTTPResponse.Status
  ) -> Response {
    var page = FormPage(model: (model.pipeline, model.fields), frame: model.pages.frame)
    page.values = given
    page.problems = problems
    return Response(status, MediaType.page, page.html.bytes)
  }

  private static func predict(
    _ text: [UInt8], _ request: Request, _ state: ServiceState
  ) throws(Problem) -> Response {
    let model = try state.loadedModel()
    let given: FormFields
    do throws(FormFields.FormatError) {
      given = try FormFields(text)
    } catch {
      throw Problem(.badRequest, error.problem)
    }
    var reader = RowReader(model.features)
    // Enough for messages; nobody sends a form of thousands of fields by mistake.
    for field in given.fields.prefix(100) { reader.take(field.name, .text(field.value)) }
    reader.endRow()
    let read = reader.finish()
    switch read.rows[0] {
    case .problems(let problems):
      if request.prefersJSON { throw Problem(problems) }
      return form(model, given.fields, problems: problems, status: .unprocessableContent)
    case .valid(let notices):
      let prediction = model.predict(read.values)
      if request.prefersJSON {
        var writer = PredictionWriter(model)
        writer.append(
          label: prediction.classIndex, shares: prediction.probabilities[...], notices: notices)
        return Response(.ok, MediaType.jsonText, writer.bytes)
      }
      let texts = model.fields.map { field in
        given.fields.first { $0.name.hasBytes(of: field.name) }?.value ?? ""
      }
      return Response(
        .ok, MediaType.page,
        model.pages.answer.html(prediction, texts: texts, notices: notices).bytes)
    }
  }
}
