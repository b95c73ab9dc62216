import JSON

/// A request of the Open Inference Protocol: a tensor for each feature, as long as there are rows.
struct InferenceRequest {
  /// What keeps it from being answered.
  struct RequestError: Error, CustomStringConvertible {
    let description: String
  }

  private static let numberTypes: Set<String> = [
    "FP64", "FP32", "FP16", "INT64", "INT32", "INT16", "INT8", "UINT64", "UINT32", "UINT16",
    "UINT8",
  ]
  private static let outputs = ["label", "probabilities"]

  private let id: String?
  /// Which outputs are wanted.
  private let wanted: Set<String>
  private let rows: [[Double]]

  init(_ json: JSONValue, _ model: ServedModel) throws(RequestError) {
    id = json["id"]?.text
    var names: Set<String> = []
    for output in json["outputs"]?.elements ?? [] {
      guard let name = output["name"]?.text, Self.outputs.contains(name) else {
        throw RequestError(
          description: "expected the outputs label and probabilities, found another")
      }
      names.insert(name)
    }
    wanted = names.isEmpty ? Set(Self.outputs) : names
    guard let inputs = json["inputs"]?.elements else {
      throw RequestError(description: "expected inputs, one for each feature")
    }
    var readers: [RowReader]?
    for input in inputs {
      let (name, elements) = try Self.tensor(input, model)
      var rows = readers ?? elements.map { _ in model.reader }
      guard rows.count == elements.count else {
        throw RequestError(
          description: "input \(name): expected \(rows.count) elements as in the first, found "
            + "\(elements.count)")
      }
      for (row, element) in elements.enumerated() { rows[row].take(name, element) }
      readers = rows
    }
    var values: [[Double]] = []
    for (row, reader) in (readers ?? [model.reader]).enumerated() {
      switch reader.finish() {
      case .values(let row, _): values.append(row)
      case .problems(let problems):
        throw RequestError(description: "row \(row): \(Problem(problems).message)")
      }
    }
    rows = values
  }

  /// A tensor's name and its elements.
  private static func tensor(
    _ input: JSONValue, _ model: ServedModel
  ) throws(RequestError) -> (name: String, elements: [RowReader.Cell]) {
    guard let name = input["name"]?.text else {
      throw RequestError(description: "expected a name for each input")
    }
    func fail(_ problem: String) -> RequestError {
      RequestError(description: "input \(JSONReader.quoted(name)): \(problem)")
    }
    guard let column = model.pipeline.columns.first(where: { $0.name == name }) else {
      throw fail("the model has no such feature")
    }
    guard let type = input["datatype"]?.text, let shape = input["shape"]?.elements,
      let data = input["data"]?.elements
    else { throw fail("expected datatype, shape and data; binary data are not read") }
    let isNumber = column.categories == nil
    guard isNumber ? numberTypes.contains(type) : type == "BYTES" else {
      throw fail("expected the datatype \(isNumber ? "FP64" : "BYTES"), found \(type)")
    }
    // One dimension for the rows; others may be there if they are 1.
    let sizes = shape.map(\.wholeNumber)
    guard let count = sizes.first ?? nil, count >= 0, sizes.dropFirst().allSatisfy({ $0 == 1 })
    else {
      throw fail("expected the shape [rows] or [rows, 1]")
    }
    guard count <= PredictionResponder.rowLimit else {
      throw fail("expected at most \(PredictionResponder.rowLimit) rows, found \(count)")
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
        if let text = element.text, !isNumber { return .text(text) }
        return .other(found: element.text == nil ? "something else" : "a text")
      }
    )
  }

  func answer(_ model: ServedModel) -> JSONValue {
    let predictions = rows.map(model.predict)
    var outputs: [JSONValue] = []
    if wanted.contains("label") {
      outputs.append([
        "name": "label", "datatype": "BYTES", "shape": [.integer(rows.count)],
        "data": .array(predictions.map { .string($0.className) }),
      ])
    }
    if wanted.contains("probabilities") {
      outputs.append([
        "name": "probabilities", "datatype": "FP64",
        "shape": [.integer(rows.count), .integer(model.classNames.count)],
        "data": .array(predictions.flatMap { $0.probabilities.map(JSONValue.real) }),
      ])
    }
    return .members([
      "model_name": .string(PredictionResponder.inferenceName),
      "model_version": .string(model.origin.version),
      "id": id.map(JSONValue.string),
      "outputs": .array(outputs),
    ])
  }
}
