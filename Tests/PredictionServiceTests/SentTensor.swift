import JSON
import TestSupport

@testable import PredictionService

/// An input of a request, in which a test may change what it wants to.
struct SentTensor {
  var name: String
  var type: String?
  var shape: String
  /// As JSON.
  var data: [String]

  var json: String {
    "{\"name\":\"\(name)\"," + (type.map { "\"datatype\":\"\($0)\"," } ?? "")
      + "\"shape\":\(shape),\"data\":[\(data.joined(separator: ","))]}"
  }

  /// A tensor for each feature.
  static func all(_ stones: [Stone]) -> [SentTensor] {
    ServiceFixture.stone.fields.map(\.name).map { name in
      let isText = name == "color" || name == "clarity"
      let texts = stones.flatMap(\.fields).filter { $0.name == name }.map(\.text)
      return SentTensor(
        name: name, type: isText ? "BYTES" : "FP64", shape: "[\(stones.count)]",
        data: texts.map { isText ? "\"\($0)\"" : $0 })
    }
  }

  enum Change {
    case name(String)
    case type(String?)
    case shape(String)
    case data([String], shape: String)
    case missing
    case twice

    func applied(to name: String, of tensors: [SentTensor]) -> [SentTensor] {
      tensors.flatMap { tensor in
        guard tensor.name == name else { return [tensor] }
        var changed = tensor
        switch self {
        case .name(let other): changed.name = other
        case .type(let type): changed.type = type
        case .shape(let shape): changed.shape = shape
        case .data(let data, let shape):
          changed.data = data
          changed.shape = shape
        case .missing: return []
        case .twice: return [tensor, tensor]
        }
        return [changed]
      }
    }
  }
}

extension ServiceFixture {
  /// The model's path in the Open Inference Protocol.
  static let inferencePath = "/v2/models/diamonds"

  /// Asks for the predictions of tensors.
  ///
  /// - Parameter others: more members of the request, each behind a comma.
  func infer(
    _ tensors: [SentTensor], others: String = "", path: String = "/infer"
  ) async throws -> RawClient.Answer {
    let inputs = tensors.map(\.json).joined(separator: ",")
    return try await ask(
      "POST", Self.inferencePath + path, type: "application/json",
      body: "{\"inputs\":[\(inputs)]\(others)}")
  }
}

extension RawClient.Answer {
  func member(_ name: String) -> JSONValue? { (try? json)?[name] }
}
