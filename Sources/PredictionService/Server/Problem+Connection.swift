import NIOHTTP1
import NIOHTTPCompression

/// Why a connection refuses what it reads, before there is a request that the router could answer.
extension Problem {
  static let tooSlow = Problem(.requestTimeout, "the request was not complete in time")
  static let noRequest = Problem(.badRequest, "expected a request of HTTP/1.1")
  static let wrongEncoding = Problem(
    .unsupportedMediaType, "expected the content encoding gzip, deflate or identity",
    headers: [.acceptEncoding: "gzip, deflate"])
  static let bodyTooLarge = Problem(
    .contentTooLarge, "expected a body of at most \(ServiceState.bodyLimit) bytes")

  /// What is wrong with bytes that are not a request.
  ///
  /// - Parameter pacer: gave the decoder the bytes.
  init(noRequest error: any Error, _ pacer: ReadPacer) {
    switch error as? HTTPParserError {
    case .headerOverflow where pacer.firstLineLength > ServiceState.targetLimit:
      self = .addressTooLong
    case .headerOverflow:
      self.init(.requestHeaderFieldsTooLarge, "the headers are too large")
    case .invalidContentLength where pacer.hasLengthBeyondNumbers: self = .bodyTooLarge
    default: self = .noRequest
    }
  }

  /// What is wrong with a body that cannot be read to its end.
  init(ofBody error: any Error) {
    switch error {
    case NIOHTTPDecompression.DecompressionError.limit: self = .bodyTooLarge
    case is HTTPParserError:
      self.init(.badRequest, "the end of the body is not valid HTTP")
    default: self.init(.badRequest, "the body is not what its content encoding says")
    }
  }
}

extension ReadPacer {
  /// Whether the length of a body is a whole number, which is too large for the decoder.
  fileprivate var hasLengthBeyondNumbers: Bool {
    guard let piece else { return false }
    let fields = String(buffer: piece).lowercased().split(whereSeparator: \.isNewline)
    guard let field = fields.last(where: { $0.hasPrefix("content-length:") }) else { return false }
    let value = field.dropFirst("content-length:".count).filter { $0 != " " && $0 != "\t" }
    return value.count > 18 && value.allSatisfy { "0"..."9" ~= $0 }
  }
}
