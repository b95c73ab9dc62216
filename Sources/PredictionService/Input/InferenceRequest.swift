import JSON
import NIOCore
import Support

/// A request of the Open Inference Protocol: a tensor for each feature, with an element for each row, or one for all.
struct InferenceRequest {
  private enum Output: String, CaseIterable { case label, probabilities }

  private var id: String?
  /// The requested outputs, and whether they are to be binary.
  private var wanted: [(output: Output, isBinary: Bool)] = []
  private let rows: ReadRows

  /// - Parameter headerLength: the bytes of JSON before the binary data; `nil` if there is none.
  init(_ body: ByteBuffer, headerLength: Int?, _ model: ServedModel) throws(Problem) {
    var data = body
    guard let header = data.readBytes(length: headerLength ?? body.readableBytes) else {
      throw Problem(
        .badRequest, "expected \(headerLength ?? 0) bytes of JSON, found \(body.readableBytes)")
    }
    var limit = ServiceState.rowLimit * max(1, model.features.count)
    var message = Message()
    do throws(JSONError) {
      try message.read(header, limit: &limit)
    } catch {
      throw Problem(error)
    }
    guard let inputs = message.inputs else {
      throw Problem(.badRequest, "expected inputs, one for each feature")
    }
    var tensors: [Tensor] = []
    for input in inputs { tensors.append(try Tensor(input, data: &data, limit: &limit)) }
    guard data.readableBytes == 0 else {
      throw Problem(.badRequest, "\(data.readableBytes) bytes follow the data of the inputs")
    }
    id = message.id
    wanted = try Self.wanted(message)
    rows = try Self.rows(tensors, model)
    for (row, outcome) in rows.rows.enumerated() {
      guard case .problems(let problems) = outcome else { continue }
      throw Problem(.badRequest, "row \(row): \(Problem(problems).message)")
    }
  }

  /// The members of a request, as they are read.
  private struct Message {
    var id: String?
    var outputs: [JSONValue] = []
    var isBinaryWanted = false
    var inputs: [Tensor.Announced]?

    mutating func read(_ header: [UInt8], limit: inout Int) throws(JSONError) {
      var reader = JSONReader(header)
      guard reader.peek() == UInt8(ascii: "{") else {
        try reader.skipValue()
        return try reader.finish()
      }
      try reader.object { name, reader throws(JSONError) in
        switch name {
        case "id": id = try reader.text()
        case "inputs" where reader.peek() == UInt8(ascii: "["):
          inputs = try reader.list { reader throws(JSONError) in
            try Tensor.announced(&reader, limit: &limit)
          }
        case "outputs" where reader.peek() == UInt8(ascii: "["):
          outputs = try reader.list { reader throws(JSONError) in
            let start = reader.position
            let output = try reader.value()
            guard reader.position - start < 4096 else {
              throw reader.error("an output of more than 4096 bytes")
            }
            return output
          }
        case "parameters" where reader.peek() == UInt8(ascii: "{"):
          try reader.object { name, reader throws(JSONError) in
            if name == "binary_data_output", reader.word("true") {
              isBinaryWanted = true
            } else {
              try reader.skipValue()
            }
          }
        default: try reader.skipValue()
        }
      }
      try reader.finish()
    }
  }

  private static func wanted(
    _ message: Message
  ) throws(Problem) -> [(output: Output, isBinary: Bool)] {
    var wanted: [(output: Output, isBinary: Bool)] = []
    for json in message.outputs {
      guard let output = json["name"]?.text.flatMap(Output.init) else {
        throw Problem(.badRequest, "expected the outputs label and probabilities, found another")
      }
      guard json["parameters"]?["classification"] == nil else {
        throw Problem(.badRequest, "output \(output): classification is not supported")
      }
      let isBinary = json["parameters"]?["binary_data"]?.truth ?? message.isBinaryWanted
      if !wanted.contains(where: { $0.output == output }) { wanted.append((output, isBinary)) }
    }
    return wanted.isEmpty ? Output.allCases.map { ($0, message.isBinaryWanted) } : wanted
  }

  private static func rows(
    _ tensors: [Tensor], _ model: ServedModel
  ) throws(Problem) -> ReadRows {
    if tensors.count == 1, let rows = try matrix(tensors[0], model) { return rows }
    for tensor in tensors { try check(tensor, model) }
    let count = tensors.first?.elements.count ?? 1
    for tensor in tensors where tensor.elements.count != count {
      throw Problem(
        .badRequest,
        "input \(tensor.name): expected \(count) elements as in the first, found "
          + "\(tensor.elements.count)")
    }
    var reader = RowReader(model.features)
    for row in 0..<count {
      for tensor in tensors { reader.take(tensor.name, tensor.element(row)) }
      reader.endRow()
    }
    return reader.finish()
  }

  /// The rows of one tensor for all features; `nil` if it is not one.
  private static func matrix(_ tensor: Tensor, _ model: ServedModel) throws(Problem) -> ReadRows? {
    let width = model.features.count
    guard tensor.shape.count == 2, tensor.shape[1] == width, tensor.type.isNumber,
      (0..<width).allSatisfy(model.features.isNumber)
    else { return nil }
    try tensor.checkCount()
    var reader = RowReader(model.features)
    for row in 0..<tensor.shape[0] {
      for feature in 0..<width { reader.take(feature, tensor.element(row * width + feature)) }
      reader.endRow()
    }
    return reader.finish()
  }

  /// Checks that a tensor has the values of a feature.
  private static func check(_ tensor: Tensor, _ model: ServedModel) throws(Problem) {
    func fail(_ problem: String) -> Problem {
      Problem(.badRequest, "input \(JSONReader.quoted(tensor.name)): \(problem)")
    }
    guard let column = model.pipeline.columns.first(where: { $0.name.hasBytes(of: tensor.name) })
    else { throw fail("the model has no such feature") }
    let isNumber = column.categories == nil
    // Categories may be written as numbers or truths, such as 1 or True.
    let isCoded = column.categories?.allSatisfy { Double($0) != nil } == true
    let isTruth =
      column.categories?.allSatisfy { ["true", "false"].contains($0.lowercased()) } == true
    let fits =
      switch tensor.type {
      case .bytes: !isNumber
      case .bool: isTruth
      default: isNumber || isCoded
      }
    guard fits else {
      throw fail(
        "expected the datatype \(isNumber ? "FP64" : "BYTES"), found \(tensor.type.rawValue)")
    }
    // One dimension for the rows; further ones must be 1.
    guard tensor.shape.dropFirst().allSatisfy({ $0 == 1 }) else {
      throw fail("expected the shape [rows] or [rows, 1]")
    }
    try tensor.checkCount()
  }

  // MARK: - The answer

  /// The answer as JSON, and the binary data that follows it.
  func answer(_ model: ServedModel) -> (json: JSONValue, data: ByteBuffer) {
    let predictions = model.predict(rows: rows.values)
    var data = ByteBuffer()
    let outputs = wanted.map { output, isBinary in
      let start = data.writerIndex
      let elements: JSONValue? =
        switch output {
        case .label: Self.labels(predictions, model, isBinary, &data)
        case .probabilities: Self.shares(predictions, isBinary, &data)
        }
      let count = JSONValue.integer(predictions.labels.count)
      return JSONValue.members([
        "name": .string(output.rawValue),
        "datatype": output == .label ? "BYTES" : "FP64",
        "shape": output == .label ? [count] : [count, .integer(model.classNames.count)],
        "parameters": isBinary ? ["binary_data_size": .integer(data.writerIndex - start)] : nil,
        "data": elements,
      ])
    }
    let json = JSONValue.members([
      "model_name": .string(model.servedName),
      "model_version": .string(model.origin.version),
      "id": id.map(JSONValue.string),
      "outputs": .array(outputs),
    ])
    return (json, data)
  }

  private static func labels(
    _ predictions: ServedModel.Predictions, _ model: ServedModel, _ isBinary: Bool,
    _ data: inout ByteBuffer
  ) -> JSONValue? {
    guard isBinary else {
      return .array(predictions.labels.map { .string(model.classNames[$0]) })
    }
    for label in predictions.labels {
      let name = model.classNames[label]
      data.writeInteger(UInt32(name.utf8.count), endianness: .little)
      data.writeString(name)
    }
    return nil
  }

  private static func shares(
    _ predictions: ServedModel.Predictions, _ isBinary: Bool, _ data: inout ByteBuffer
  ) -> JSONValue? {
    guard isBinary else { return .array(predictions.shares.elements.map(JSONValue.real)) }
    for share in predictions.shares.elements {
      data.writeInteger(share.bitPattern, endianness: .little)
    }
    return nil
  }
}
