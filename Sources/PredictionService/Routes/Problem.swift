import HTTPTypes
import Hummingbird
import JSON
import Support

/// Why a request fails.
struct Problem: Error {
  let status: HTTPResponse.Status
  /// Without control characters, since clients are used in terminals.
  let message: String
  var fields: [FieldRemark] = []
  /// The byte of the body at which the problem is, counted from 0.
  var position: Int?
  /// Additional headers of the answer.
  var headers: HTTPFields = [:]

  init(
    _ status: HTTPResponse.Status, _ message: String, fields: [FieldRemark] = [],
    position: Int? = nil, headers: HTTPFields = [:]
  ) {
    self.status = status
    self.message = SafeText.line(message, limit: .max)
    self.fields = fields
    self.position = position
    self.headers = headers
  }

  /// Problems of a row.
  init(_ fields: [FieldRemark]) {
    let first = fields.first?.description ?? "the row cannot be predicted"
    let others = fields.dropFirst().reduce(0) { $0 + $1.count }
    self.init(
      .unprocessableContent, first + (others > 0 ? " (and \(others) more)" : ""), fields: fields)
  }

  /// A body that is not JSON.
  init(_ error: JSONError) {
    self.init(.badRequest, "not JSON: \(error)", position: error.position)
  }

  static let addressTooLong = Problem(.uriTooLong, "the address is too long")
  /// There is no room for the request now.
  static let busy = Problem(
    .serviceUnavailable, "the service is busy with other requests; try again",
    headers: [.retryAfter: "1"])
  static let noSuchAddress = Problem(.notFound, "there is nothing at this address")

  /// `{"error":{"message":…,"fields":[…],"position":…}}`, without the members that have no value.
  var json: JSONValue {
    .object([
      .init(
        "error",
        .members([
          "message": .string(message),
          "fields": fields.isEmpty ? nil : Self.list(fields),
          "position": position.map(JSONValue.integer),
        ]))
    ])
  }

  static func list(_ remarks: [FieldRemark]) -> JSONValue {
    .array(
      remarks.map {
        .object([.init("field", .string($0.field)), .init("message", .string($0.message))])
      })
  }

  /// The answer: a page for clients that ask for one, JSON for the others.
  ///
  /// - Parameter model: the model that is served.
  func response(to request: Request, _ model: ServedModel?) -> Response {
    var response =
      if request.uri.path.hasPrefix("/v2") {
        // The Open Inference Protocol has its own format for errors.
        Response.json(["error": .string(message)], status: status)
      } else if request.asksForPage, !request.uri.path.hasPrefix("/api/") {
        Response(status, MediaType.page, page(model, at: request.uri.path))
      } else {
        Response.json(json, status: status)
      }
    response.headers.append(contentsOf: headers)
    return response
  }

  /// The problem as a page.
  ///
  /// - Parameter path: the address at which it appears.
  func page(_ model: ServedModel?, at path: String = "/") -> [UInt8] {
    let depth = min(100, path.utf8.count { $0 == UInt8(ascii: "/") })
    let root = depth > 1 ? String(repeating: "../", count: depth - 1) : "./"
    return problemPage(
      self, status: status.code, model?.pages.frame ?? .empty, root: root
    ).bytes
  }
}

extension Response {
  init(_ status: HTTPResponse.Status, _ type: String, _ bytes: [UInt8]) {
    self.init(status, type, ByteBuffer(bytes: bytes))
  }

  init(_ status: HTTPResponse.Status, _ type: String, _ bytes: ByteBuffer) {
    self.init(status: status, headers: [.contentType: type], body: .init(byteBuffer: bytes))
  }

  static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
    Response(status, MediaType.jsonText, value.bytes + [UInt8(ascii: "\n")])
  }
}
