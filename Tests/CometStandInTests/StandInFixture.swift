import CometStandIn
import TestSupport

/// A stand-in of its own for a test, and the calls that most tests make.
final class StandInFixture {
  static let prefix = "/api/rest/v2/"
  let server: StandInServer

  init(_ options: StandInOptions = StandInOptions()) throws {
    server = try StandInServer(options)
  }

  deinit { server.stop() }

  /// A request on a connection of its own.
  ///
  /// - Parameters:
  ///   - path: below `/api/rest/v2/`, unless it starts with a slash.
  ///   - key: `nil` sends no `Authorization`.
  /// - Returns: `nil` when no answer came.
  func request(
    _ method: String, _ path: String, _ body: String? = nil, type: String = "application/json",
    key: String? = StandInServer.defaultKey
  ) -> RawClient.Answer? {
    let client = RawClient(port: server.port)
    client.send(Self.text(method, path, body, type: type, key: key))
    return client.answer()
  }

  func get(_ path: String) -> RawClient.Answer? { request("GET", path) }
  func post(_ path: String, _ body: String) -> RawClient.Answer? { request("POST", path, body) }

  static func text(
    _ method: String, _ path: String, _ body: String? = nil, type: String = "application/json",
    key: String? = StandInServer.defaultKey
  ) -> String {
    var text = "\(method) \(path.hasPrefix("/") ? path : prefix + path) HTTP/1.1\r\nHost: local\r\n"
    if let key { text += "Authorization: \(key)\r\n" }
    if let body { text += "Content-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n" }
    return text + "\r\n" + (body ?? "")
  }

  /// A new experiment's key.
  func experiment() -> String {
    let answer = post(
      "write/experiment/create", #"{"workspaceName":"demo-ws","projectName":"demo"}"#)
    return answer?.json["experimentKey"]?.string ?? ""
  }

  /// Uploads a file as the REST interface wants it.
  func upload(
    _ query: String, _ content: String, metadata: String? = nil, part: String = "file"
  ) -> RawClient.Answer? {
    var form = "--b0und\r\nContent-Disposition: form-data; name=\"\(part)\"; filename=\"f\"\r\n\r\n"
    form += content + "\r\n"
    if let metadata {
      form += "--b0und\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n\(metadata)\r\n"
    }
    form += "--b0und--\r\n"
    return request(
      "POST", "write/experiment/upload-asset?\(query)", form,
      type: "multipart/form-data; boundary=b0und")
  }

  /// An experiment with one logged model.
  func experimentWithModel() -> String {
    let key = experiment()
    _ = upload(
      "experimentKey=\(key)&fileName=model.safetensors&type=model-element&groupingName=my-model",
      "weights")
    return key
  }

  /// Registers `my-model` of an experiment, the new way.
  func register(_ key: String, version: String, tags: String = "null") -> RawClient.Answer? {
    post(
      "write/registry-model/item/create",
      """
      {"experimentKey":"\(key)","experimentModelName":"my-model","registryModelName":"my-model",\
      "registryModelDescription":null,"version":"\(version)","versionComment":"c",\
      "tags":\(tags),"status":null,"publicModel":false}
      """)
  }
}
