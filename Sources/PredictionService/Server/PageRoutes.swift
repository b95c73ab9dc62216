import NIOCore
import SavedModels

/// The routes with pages for people.
extension PredictionResponder {
  static let pageRoutes = [
    Route("/", ["GET": { $1.form($0) }]),
    Route("/predict", ["GET": { $1.predictPage($0) }, "POST": { $1.predictPage($0) }]),
    Route("/monitor", ["GET": { $1.monitor($0) }]),
    Route("/docs", ["GET": { $1.docs($0) }]),
  ]

  /// The form, with what the query says in its fields.
  private func form(_ request: ServiceRequest) -> ServiceAnswer {
    withModel(request) { model in
      guard let query = request.query, let given = try? FormFields(query.utf8),
        !given.fields.isEmpty
      else { return ServiceAnswer(200, MediaType.page, model.pages.emptyForm) }
      return Self.form(model, given.fields, problems: [], status: 200)
    }
  }

  private static func form(
    _ model: ServedModel, _ given: [(name: String, value: String)], problems: [FieldRemark],
    status: Int
  ) -> ServiceAnswer {
    var page = FormPage(model: (model.pipeline, model.fields), foot: model.pages.foot)
    page.values = Dictionary(given.map { ($0.name, $0.value) }) { first, _ in first }
    page.problems = problems
    return ServiceAnswer(status, MediaType.page, page.html.bytes)
  }

  private func predictPage(_ request: ServiceRequest) -> ServiceAnswer {
    if request.method == "POST", request.mediaType != MediaType.form {
      return Self.problem(
        Problem("expected a form (\(MediaType.form))"), status: 415, request)
    }
    return withModel(request) { model in
      let given: FormFields
      do throws(FormFields.FormatError) {
        given =
          try request.method == "POST"
          ? FormFields(request.body.readableBytesView)
          : FormFields((request.query ?? "").utf8)
      } catch {
        return Self.problem(Problem(error.problem), status: 400, request)
      }
      return Self.predict(given, request, model)
    }
  }

  private static func predict(
    _ given: FormFields, _ request: ServiceRequest, _ model: ServedModel
  ) -> ServiceAnswer {
    var reader = RowReader(model.features)
    // Enough to say what is wrong with; a form of thousands of fields is no mistake of a person.
    for field in given.fields.prefix(100) { reader.take(field.name, .text(field.value)) }
    reader.endRow()
    let read = reader.finish()
    switch read.rows[0] {
    case .problems(let problems):
      if request.prefersJSON { return .json(Problem(problems), status: 422) }
      return form(model, given.fields, problems: problems, status: 422)
    case .valid(let notices):
      let prediction = model.predict(read.values)
      if request.prefersJSON {
        var writer = PredictionWriter(model)
        writer.append(
          label: prediction.classIndex, shares: prediction.probabilities[...], notices: notices)
        return ServiceAnswer(200, MediaType.jsonText, writer.bytes)
      }
      let texts = model.fields.map { field in
        given.fields.first { $0.name == field.name }?.value ?? ""
      }
      return ServiceAnswer(
        200, MediaType.page,
        model.pages.answer.html(prediction, texts: texts, notices: notices).bytes)
    }
  }

  private func monitor(_ request: ServiceRequest) -> ServiceAnswer {
    withModel(request) { model in
      ServiceAnswer(200, MediaType.page, MonitorPage(model: model).html.bytes)
    }
  }

  private func docs(_ request: ServiceRequest) -> ServiceAnswer {
    ServiceAnswer(200, MediaType.page, docsPage(models.current).bytes)
  }
}
