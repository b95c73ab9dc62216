import Comet
import Support
import TestSupport
import Testing

@Suite struct `Comet's address` {
  @Test(arguments: [
    ("https://comet.example.org/clientlib/", "https://comet.example.org"),
    ("http://127.0.0.1:18090/foo/clientlib?x#y", "http://127.0.0.1:18090"),
    ("HTTPS://Comet.Example.org", "https://comet.example.org"),
    ("https://www.comet.ml/clientlib/", "https://www.comet.com"),
  ])
  func `Comet's address is a scheme, a host and a port`(text: String, root: String) {
    #expect(CometServer(text)?.root == root)
  }

  @Test(arguments: [
    "", "comet.com", "ftp://comet.com", "https://", "https://key@comet.com", "://x",
  ])
  func `text that is not a web address is refused as Comet's`(text: String) {
    #expect(CometServer(text) == nil)
  }

  @Test func `the address in the key is used, unless a setting names another`() {
    // {"baseUrl": "https://key.example.org/"}
    let key = APIKey("0123456789*eyJiYXNlVXJsIjogImh0dHBzOi8va2V5LmV4YW1wbGUub3JnLyJ9")
    #expect(CometServer(override: nil, key: key)?.root == "https://key.example.org")
    #expect(CometServer(override: "http://h:1", key: key)?.root == "http://h:1")
    #expect(
      CometServer(override: nil, key: APIKey("plain*nonsense"))?.root == "https://www.comet.com")
  }
}

@Suite struct `Comet's answers` {
  private func client(_ status: Int, _ body: String, type: String = "application/json")
    -> CometClient
  {
    CometClient(
      server: .standard, key: APIKey("the-key"),
      transport: RecordingTransport { _, _ in
        .success(
          HTTPResponse(
            status: status, headers: [HTTPHeader("Content-Type", type)], body: Array(body.utf8)))
      })
  }

  private func error(
    _ status: Int, _ body: String, type: String = "application/json"
  ) async -> CometError? {
    await #expect(throws: CometError.self) {
      try await client(status, body, type: type).answer(to: .metadata(ofExperiment: "K"))
    }
  }

  @Test func `answers are read under both names where sources disagree`() async throws {
    let body =
      #"{"projects":[{"projectId":"1","projectName":"a","public":true},"#
      + #"{"projectId":"2","projectName":"b","isPublic":false}]}"#
    let projects = try await client(200, body).answer(to: .projects(ofWorkspace: "ws"))
    #expect(projects.map(\.isPublic) == [true, false])
    let versions =
      #"{"modelName":"m","versions":[{"registryModelItemId":"I","version":"1.0.0","#
      + #""stages":["a"],"tags":["a","b"],"experimentModel":{"experimentKey":"K"}}]}"#
    let details = try await client(200, versions).answer(to: .registryModel("m", workspace: "ws"))
    #expect(details.versions.first?.stages == ["a", "b"])
    #expect(details.versions.first?.experimentKey == "K")
  }

  @Test func `a failed answer becomes an error of the right kind`() async {
    #expect(await error(401, #"{"msg":"no","code":401}"#)?.kind == .refusedKey)
    #expect(await error(400, #"{"msg":"no","sdk_error_code":90212}"#)?.kind == .refusedKey)
    #expect(await error(403, #"{"msg":"no","sdk_error_code":42008}"#)?.kind == .notFound)
    #expect(await error(400, #"{"msg":"no","sdkErrorCode":42008}"#)?.kind == .notFound)
    #expect(await error(404, "")?.kind == .notFound)
    #expect(await error(400, #"{"msg":"no"}"#)?.kind == .refused)
    #expect(await error(413, "")?.kind == .refused)
    #expect(await error(429, "")?.kind == .unavailable)
    #expect(await error(502, "<html>", type: "text/html")?.kind == .unavailable)
    #expect(await error(200, "<html>", type: "text/html")?.kind == .unexpectedAnswer)
    #expect(await error(200, #"{"experimentKey":"#)?.kind == .unexpectedAnswer)
    #expect(await error(200, "{}")?.kind == .unexpectedAnswer)
  }

  @Test func `an error has the path, the status, the message and Comet's number`() async {
    #expect(
      await error(400, #"{"msg":"no such\nexperiment","sdk_error_code":90211}"#)?.description
        == "Comet, experiment/metadata: status 400: no such experiment (90211)")
    #expect(await error(502, "<html>a page</html>")?.description.hasSuffix("status 502") == true)
  }

  @Test func `an answer with status 200 is an error where its body says so`() async {
    await #expect(throws: CometError.self) {
      try await client(200, #"{"msg":"no","code":500}"#).answer(to: .addTags([], experiment: "K"))
    }
    await #expect(throws: Never.self) {
      try await client(200, #"{"msg":"Saved"}"#).answer(to: .addTags([], experiment: "K"))
      try await client(200, "default response").answer(to: .addStage("s", toVersion: "I"))
    }
  }

  @Test func `an error never shows the key, even where the server repeats it`() async {
    #expect(
      await error(401, #"{"msg":"unknown key the-key"}"#)?.description.contains("the-key") == false)
    var dumped = ""
    dump(APIKey("the-key"), to: &dumped)
    #expect(
      !"\(APIKey("the-key")) \(String(reflecting: APIKey("the-key"))) \(dumped)".contains("the-key")
    )
  }
}

@Suite struct `Names in the registry` {
  @Test(arguments: [
    ("My Model!", "my-model"), ("diamonds--model", "diamonds-model"), ("-x_Y.1-", "x-y-1"),
  ])
  func `names in the registry are spelled as Comet's SDKs spell them`(
    name: String, normalized: String
  ) {
    #expect(RegistryName.normalized(name) == normalized)
  }
}
