import JSON
import Support

/// A request of the Open Inference Protocol: a tensor for each feature, with an element for each row.
struct InferenceRequest {
  private static let numberTypes: Set<String> = [
    "FP64", "FP32", "FP16", "INT64", "INT32", "INT16", "INT8", "UINT64", "UINT32", "UINT16",
    "UINT8",
  ]
  private static let outputs = ["label", "probabilities"]

  private let id: String?
  /// The requested outputs.
  private let wanted: Set<String>
  private let rows: ReadRows

  init(_ json: JSONValue, _ model: ServedModel) throws(Problem) {
    id = json["id"]?.text
    var names: Set<String> = []
    for output in json["outputs"]?.elements ?? [] {
      guard let name = output["name"]?.text, Self.outputs.contains(name) else {
        throw Problem(
          .badRequest, "expected the outputs label and probabilities, found another")
      }
      names.insert(name)
    }
    wanted = names.isEmpty ? Set(Self.outputs) : names
    guard let inputs = json["inputs"]?.elements else {
      throw Problem(.badRequest, "expected inputs, one for each feature")
    }
    let tensors = try inputs.map { input throws(Problem) in try Self.tensor(input, model) }
    let count = tensors.first?.elements.count ?? 1
    for (name, elements) in tensors where elements.count != count {
      throw Problem(
        .badRequest,
        "input \(name): expected \(count) elements as in the first, found "
          + "\(elements.count)")
    }
    var reader = RowReader(model.features)
    for row in 0..<count {
      for (name, elements) in tensors { reader.take(name, elements[row]) }
      reader.endRow()
    }
    rows = reader.finish()
    for (row, outcome) in rows.rows.enumerated() {
      guard case .problems(let problems) = outcome else { continue }
      throw Problem(.badRequest, "row \(row): \(Problem(problems).message)")
    }
  }

  /// A tensor's name and its elements.
  private static func tensor(
    _ input: JSONValue, _ model: ServedModel
  ) throws(Problem) -> (name: String, elements: [RowReader.Cell]) {
    guard let name = input["name"]?.text else {
      throw Problem(.badRequest, "expected a name for each input")
    }
    func fail(_ problem: String) -> Problem {
      Problem(.badRequest, "input \(JSONReader.quoted(name)): \(problem)")
    }
    guard let column = model.pipeline.columns.first(where: { $0.name.hasBytes(of: name) }) else {
      throw fail("the model has no such feature")
    }
    guard let type = input["datatype"]?.text, let shape = input["shape"]?.elements,
      let data = input["data"]?.elements
    else { throw fail("expected datatype, shape and data; binary data is not supported") }
    let isNumber = column.categories == nil
    guard isNumber ? numberTypes.contains(type) : type == "BYTES" else {
      throw fail("expected the datatype \(isNumber ? "FP64" : "BYTES"), found \(type)")
    }
    // One dimension for the rows; further ones must be 1.
    let sizes = shape.map(\.wholeNumber)
    guard let count = sizes.first ?? nil, count >= 0, sizes.dropFirst().allSatisfy({ $0 == 1 })
    else {
      throw fail("expected the shape [rows] or [rows, 1]")
    }
    guard count <= ServiceState.rowLimit else {
      throw fail("expected at most \(ServiceState.rowLimit) rows, found \(count)")
    }
    // Data may be nested as the shape is.
    let elements = data.map { element in
      if let inner = element.elements, inner.count == 1 { inner[0] } else { element }
    }
    guard elements.count == count else {
      throw fail("expected \(count) elements as the shape says, found \(elements.count)")
    }
    return (
      name,
      elements.map { element in
        if let number = element.number { return .number(number) }
        if element == .null { return .missing }
        if let text = element.text, !isNumber { return .text(text) }
        return .other(found: element.text == nil ? "something else" : "a text")
      }
    )
  }

  func answer(_ model: ServedModel) -> JSONValue {
    let predictions = model.predict(rows: rows.values)
    let count = predictions.labels.count
    var outputs: [JSONValue] = []
    if wanted.contains("label") {
      outputs.append([
        "name": "label", "datatype": "BYTES", "shape": [.integer(count)],
        "data": .array(predictions.labels.map { .string(model.classNames[$0]) }),
      ])
    }
    if wanted.contains("probabilities") {
      outputs.append([
        "name": "probabilities", "datatype": "FP64",
        "shape": [.integer(count), .integer(model.classNames.count)],
        "data": .array(predictions.shares.elements.map(JSONValue.real)),
      ])
    }
    return .members([
      "model_name": .string(InferenceRoutes.modelName),
      "model_version": .string(model.origin.version),
      "id": id.map(JSONValue.string),
      "outputs": .array(outputs),
    ])
  }
}
