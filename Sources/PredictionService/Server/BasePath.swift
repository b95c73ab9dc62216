import HTTPTypes
import Hummingbird

extension ServiceState {
  /// A request's address without the path below which a proxy has the service.
  ///
  /// Addresses without it are taken as they are: some proxies remove it, and health checks do not go through one.
  ///
  /// - Throws: ``Problem`` with the form's address, if the slash behind the path is missing. Relative addresses of the page
  ///   would lead elsewhere.
  func localAddress(_ address: String) throws(Problem) -> String {
    guard !basePath.isEmpty, address.hasPrefix(basePath) else { return address }
    let rest = address.dropFirst(basePath.count)
    if rest.first == "/" { return String(rest) }
    guard rest.isEmpty || rest.first == "?" else { return address }
    throw Problem(
      .permanentRedirect, "the service is at \(basePath)/",
      headers: [.location: basePath + "/" + rest])
  }

  /// The path at which the client of a request finds the service: what the proxy says, else the one that was set.
  func prefix(of request: Request) -> String {
    guard let prefix = request.headers[Self.forwardedPrefix], Self.isBasePath(prefix) else {
      return basePath
    }
    return prefix
  }

  private static let forwardedPrefix = HTTPField.Name("x-forwarded-prefix")!

  /// Whether a text is a path of plain characters, which begins with a slash and does not end with one.
  public static func isBasePath(_ text: String) -> Bool {
    text.utf8.count <= 200 && text.first == "/" && text.last != "/" && !text.contains("//")
      && text.allSatisfy { $0 == "/" || $0 == "~" || ServedModel.isNameCharacter($0) }
  }
}
