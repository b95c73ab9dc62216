import JSON
import NIOCore
import Support

/// The routes with what pages need, and the description of the API.
extension PredictionResponder {
  static let assetRoutes = [
    asset("/style.css", MediaType.style, Array(ServiceStyle.rules.description.utf8)),
    asset("/icon.svg", MediaType.icon, Array(pageIcon.description.utf8)),
    Route(
      "/openapi.json",
      ["GET": { _, responder in .json(APIDescription(model: responder.models.current).json) }]),
  ]

  /// A file that changes with the program only.
  private static func asset(_ path: String, _ type: String, _ bytes: [UInt8]) -> Route {
    let digest = bytes.withUnsafeBytes { SHA256.hexDigest(of: $0) }
    let tag = "\"\(digest.prefix(16))\""
    let body = ByteBuffer(bytes: bytes)
    return Route(
      path,
      [
        "GET": { request, _ in
          let isKnown = request.knownTag == tag
          var answer = ServiceAnswer(isKnown ? 304 : 200, type, isKnown ? ByteBuffer() : body)
          answer.headers = [("etag", tag), ("cache-control", "public, max-age=300")]
          return answer
        }
      ])
  }
}
