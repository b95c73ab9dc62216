/// Requests as they are written on the wire.
enum RawRequest {
  static let form = ServiceFixture.stone.form
  /// A request with 10,000 rows.
  static let large = post(
    path: "/api/predict", type: "application/json",
    body: "["
      + [String](repeating: ServiceFixture.stone.json, count: 10_000)
      .joined(separator: ",") + "]")

  static func get(_ headers: String = "", path: String = "/health") -> String {
    "GET \(path) HTTP/1.1\r\nHost: a\r\n\(headers)\r\n"
  }

  static func post(
    _ headers: String = "", path: String = "/predict",
    type: String = "application/x-www-form-urlencoded", body: String = form
  ) -> String {
    head(headers, path: path, type: type, length: body.utf8.count) + body
  }

  static func head(
    _ headers: String = "", path: String = "/predict",
    type: String = "application/x-www-form-urlencoded", length: Int? = nil
  ) -> String {
    "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Type: \(type)\r\n\(headers)"
      + (length.map { "Content-Length: \($0)\r\n" } ?? "") + "\r\n"
  }
}
