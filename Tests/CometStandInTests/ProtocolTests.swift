import CometStandIn
import TestSupport
import Testing

@Suite struct `The stand-in's HTTP` {
  @Test func `the stand-in keeps a connection open, also for requests sent together`() throws {
    let fixture = try StandInFixture()
    let client = RawClient(port: fixture.server.port)
    let request = StandInFixture.text("GET", "workspaces")
    client.send(request + request)
    for _ in 0..<2 {
      let answer = try #require(client.answer())
      #expect(answer.status == 200)
      #expect(answer.header("Content-Type") == "application/json")
      #expect(answer.json["workspaceNames"] == ["demo-ws"])
    }
    client.send(request.replacing("\r\n\r\n", with: "\r\nConnection: close\r\n\r\n"))
    #expect(client.answer()?.status == 200)
    #expect(client.isClosed())
  }

  @Test func `the stand-in takes chunked bodies and says when to continue`() throws {
    let fixture = try StandInFixture()
    let client = RawClient(port: fixture.server.port)
    client.send(
      "POST /clientlib/rest/v2/write/experiment/create HTTP/1.1\r\nHost: local\r\n"
        + "Authorization: \(StandInServer.defaultKey)\r\nTransfer-Encoding: chunked\r\n"
        + "Content-Type: application/json;charset=utf-8\r\nExpect: 100-continue\r\n\r\n")
    #expect(client.answer()?.status == 100)
    client.send("1b;x=y\r\n{\"workspaceName\":\"demo-ws\",\r\n")
    client.send("13\r\n\"projectName\":\"big\"\r\n1\r\n}\r\n0\r\nTrailer: x\r\n\r\n")
    let answer = try #require(client.answer())
    #expect(answer.json["projectName"] == "big")
    let link = try #require(answer.json["link"]?.string)
    #expect(link.hasPrefix("http://local/demo-ws/big/"))
  }

  @Test(arguments: [
    "GET /x\r\n\r\n", "GET x HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
    "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nbad header: x\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
  ])
  func `the stand-in refuses malformed requests and closes the connection`(text: String) throws {
    let fixture = try StandInFixture()
    let client = RawClient(port: fixture.server.port)
    client.send(text)
    #expect(client.answer()?.status == 400)
    #expect(client.isClosed())
  }

  @Test func `the stand-in refuses a body above 1 GiB before any of it was sent`() throws {
    let fixture = try StandInFixture()
    func answer(announcing length: Int) -> RawClient.Answer? {
      let client = RawClient(port: fixture.server.port)
      client.send(
        "POST /api/rest/v2/write/experiment/create HTTP/1.1\r\nHost: local\r\n"
          + "Content-Length: \(length)\r\nExpect: 100-continue\r\n\r\n")
      return client.answer()
    }
    #expect(answer(announcing: 1 << 30)?.status == 100)
    let refusal = try #require(answer(announcing: (1 << 30) + 1))
    #expect(refusal.status == 413)
    #expect(refusal.json["msg"]?.string?.contains("1073741824") == true)
    #expect(refusal.header("Connection") == "close")
  }

  @Test func `the stand-in answers 404 and 405, and tells its version`() throws {
    let fixture = try StandInFixture()
    #expect(fixture.get("nothing/here")?.status == 404)
    #expect(fixture.get("/elsewhere")?.status == 404)
    #expect(fixture.request("POST", "workspaces", "{}")?.status == 405)
    let version = fixture.request("GET", "/clientlib/isAlive/ver", key: nil)
    #expect(version?.json["version"] == "4.40.0")
  }

  @Test func `the stand-in requires its key, with or without a base URL behind it`() throws {
    let fixture = try StandInFixture()
    for key in [nil, "wrong", "Bearer " + StandInServer.defaultKey] {
      let answer = fixture.request("GET", "workspaces", key: key)
      #expect(answer?.status == 401)
      #expect(answer?.json["code"] == 401)
      #expect(answer?.json["msg"]?.string != nil)
    }
    let key = StandInServer.defaultKey + "*eyJiYXNlVXJsIjoiaHR0cDovL2xvY2FsLyJ9"
    #expect(fixture.request("GET", "workspaces", key: key)?.status == 200)
  }
}
