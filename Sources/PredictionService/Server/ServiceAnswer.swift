public import NIOCore

/// What the service answers to a request.
public struct ServiceAnswer: Sendable {
  public var status: Int
  public var contentType: String
  public var body: ByteBuffer
  /// Headers beyond those that every answer has.
  public var headers: [(name: String, value: String)] = []
  /// How many bytes the body has where the answer to HEAD leaves it out.
  public var omittedLength: Int?

  init(_ status: Int, _ contentType: String, _ body: ByteBuffer) {
    self.status = status
    self.contentType = contentType
    self.body = body
  }

  init(_ status: Int, _ contentType: String, _ body: [UInt8]) {
    self.init(status, contentType, ByteBuffer(bytes: body))
  }

  /// The same answer without its body, for HEAD.
  var withoutBody: ServiceAnswer {
    var answer = self
    answer.omittedLength = body.readableBytes
    answer.body = ByteBuffer()
    return answer
  }

  /// Headers of every answer: nothing is loaded from elsewhere or run, no other page may frame this one,
  /// and addresses, which may hold what was asked, are told to nobody.
  static let securityHeaders: [(name: String, value: String)] = [
    (
      "content-security-policy",
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'"
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
  ]

  /// Whether browsers may keep the answer.
  var isCacheable: Bool { headers.contains { $0.name == "cache-control" } }
}
