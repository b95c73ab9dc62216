import HTTPTypes
import Hummingbird
import JSON
import Support

/// The routes of the files that pages use, and of the description of the API.
enum AssetRoutes {
  static let all = [
    // Text has a contrast of at least 4.5 : 1, borders of fields of at least 3 : 1, in light and in dark.
    asset("/style.css", MediaType.style, PackageResources.style_css),
    asset("/icon.svg", MediaType.icon, Array(pageIcon.description.utf8)),
    Route(.get, "/openapi.json") { request, _, state in
      .json(APIDescription(model: state.model, prefix: state.prefix(of: request)).json)
    },
  ]

  /// A file that only changes with the program.
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
