import HTTPTypes
import Hummingbird
import JSON
import Support

/// The routes with what pages need, and the description of the API.
enum AssetRoutes {
  static let all = [
    asset("/style.css", MediaType.style, Array(ServiceStyle.rules.description.utf8)),
    asset("/icon.svg", MediaType.icon, Array(pageIcon.description.utf8)),
    Route(.get, "/openapi.json") { _, _, state in
      .json(APIDescription(model: state.models.current).json)
    },
  ]

  /// A file that changes with the program only.
  private static func asset(_ path: String, _ type: String, _ bytes: [UInt8]) -> Route {
    let digest = bytes.withUnsafeBytes { SHA256.hexDigest(of: $0) }
    let tag = "\"\(digest.prefix(16))\""
    let body = ByteBuffer(bytes: bytes)
    return Route(.get, path) { request, _, _ in
      let isKnown = request.headers[.ifNoneMatch] == tag
      var response = Response(isKnown ? .notModified : .ok, type, isKnown ? ByteBuffer() : body)
      response.headers[.eTag] = tag
      response.headers[.cacheControl] = "public, max-age=300"
      return response
    }
  }
}
