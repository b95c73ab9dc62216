import CometStandIn
import Foundation
import TestSupport
import Testing

/// The program with a key, and a network that does not lead to Comet.
@Suite struct `A run with a key` {
  private static let key = "s3cr3tkey0123456789abcdef"

  private func run(
    _ folder: TemporaryFolder, _ variables: [String: String], _ options: [String] = []
  ) throws -> Program.Outcome {
    folder.writeDiamonds(200)
    return try Program.run(
      ["--data", "diamonds.csv", "--models", "GaussianNB", "--output", "run"] + options,
      in: folder,
      variables: ["COMET_API_KEY": Self.key, "COMET_WORKSPACE": "demo-ws"].merging(variables) {
        $1
      })
  }

  /// Everything that the run has left says nothing of the key.
  private func expectNoKey(_ outcome: Program.Outcome, _ folder: TemporaryFolder) {
    #expect(!(outcome.output + outcome.errors).contains(Self.key))
    let key = Array(Self.key.utf8)
    for name in folder.names() where !name.hasSuffix("/") {
      #expect(folder.read(name)?.firstRange(of: key) == nil, "\(name)")
    }
  }

  private func expectKept(_ outcome: Program.Outcome, _ folder: TemporaryFolder) {
    #expect(outcome.output.contains("GaussianNB"))
    #expect(folder.read("run/comparison.json") != nil)
    let archives = folder.names(below: "run/comet").filter { $0.hasSuffix(".zip") }
    #expect(archives.count == 1)
    #expect(outcome.errors.contains("compare-models upload run"))
    expectNoKey(outcome, folder)
  }

  @Test(arguments: [
    ["COMET_URL_OVERRIDE": "http://127.0.0.1:1/"],
    ["COMET_URL_OVERRIDE": "http://no-such-host.invalid/"],
    ["COMET_URL_OVERRIDE": "http://comet.example/", "http_proxy": "http://127.0.0.1:1"],
  ])
  func `a run ends well, and keeps an archive, when nobody answers for Comet`(
    variables: [String: String]
  ) throws {
    let folder = TemporaryFolder()
    let outcome = try run(folder, variables)
    #expect(outcome.status == 0)
    expectKept(outcome, folder)
  }

  @Test func `a run fails with 69 when Comet is required and nobody answers`() throws {
    let folder = TemporaryFolder()
    let outcome = try run(
      folder, ["COMET_URL_OVERRIDE": "http://127.0.0.1:1/"], ["--require-comet"])
    #expect(outcome.status == 69)
    expectKept(outcome, folder)
  }

  @Test func `a run fails with 77 when the key is refused`() throws {
    let server = try StandInServer()
    let folder = TemporaryFolder()
    let outcome = try run(folder, ["COMET_URL_OVERRIDE": server.url])
    #expect(outcome.status == 77)
    #expect(outcome.errors.contains("401"))
    expectKept(outcome, folder)
    server.stop()
  }

  @Test func `a run that a proxy refuses does not print the key`() throws {
    // A Comet that takes no such key is a proxy that answers 401 to everything.
    let server = try StandInServer()
    server.setFaults([Fault(.status(403))])
    let folder = TemporaryFolder()
    let outcome = try run(
      folder, ["COMET_URL_OVERRIDE": "https://comet.example/", "https_proxy": server.url])
    #expect(outcome.status == 0)
    expectKept(outcome, folder)
    server.stop()
  }

  @Test(.enabled(if: TLSServer.isPossible, "needs openssl"))
  func `a run does not trust a certificate that nobody signed, unless it is told to`() throws {
    let server = try TLSServer()
    let folder = TemporaryFolder()
    let outcome = try run(folder, ["COMET_URL_OVERRIDE": server.url], ["--require-comet"])
    #expect(outcome.status == 69)
    #expect(outcome.errors.contains("certificate"))
    expectKept(outcome, folder)
    // With it among the trusted ones the connection stands, and what answers is plainly no Comet.
    let other = TemporaryFolder()
    let trusting = try run(
      other,
      [
        "COMET_URL_OVERRIDE": server.url, "CURL_CA_BUNDLE": server.certificate,
        "COMET_FLUSH_TIMEOUT": "1",
      ])
    #expect(trusting.status == 0)
    #expect(!trusting.errors.contains("certificate"))
  }

  @Test func `a run sends everything, says where it is, and does not print the key`() throws {
    var options = StandInOptions()
    options.apiKey = Self.key
    let server = try StandInServer(options)
    let folder = TemporaryFolder()
    let outcome = try run(folder, ["COMET_URL_OVERRIDE": server.url], ["--require-comet"])
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("Comet has 1 experiment"))
    #expect(!folder.names(below: "run/comet").contains { $0.hasSuffix(".zip") })
    expectNoKey(outcome, folder)
    server.stop()
  }

  @Test func `a run that must send but has no key says so`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(200)
    let outcome = try Program.run(
      ["--data", "diamonds.csv", "--require-comet", "--output", "run"], in: folder)
    #expect(outcome.status == 78)
    #expect(outcome.errors.contains("COMET_API_KEY"))
    #expect(folder.names() == ["diamonds.csv"])
  }

  @Test(arguments: [
    ["COMET_MAX_CONNECTIONS": "0"], ["COMET_URL_OVERRIDE": "comet"], ["COMET_OFFLINE": "maybe"],
  ])
  func `a run names a setting that breaks its rule`(variables: [String: String]) throws {
    let folder = TemporaryFolder()
    let outcome = try run(folder, variables)
    #expect(outcome.status == 78)
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.errors.contains(variables.keys.first ?? ""))
    #expect(folder.names() == ["diamonds.csv"])
  }
}

/// A server with a certificate that it has signed itself.
private final class TLSServer {
  let port: Int
  let certificate: String
  private let folder = TemporaryFolder()
  private let process = Process()

  var url: String { "https://127.0.0.1:\(port)" }

  static let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }
  static var isPossible: Bool { openssl != nil }

  init() throws {
    let openssl = URL(filePath: try #require(Self.openssl))
    certificate = folder.path + "/certificate.pem"
    let key = folder.path + "/key.pem"
    let maker = Process()
    maker.executableURL = openssl
    maker.arguments = [
      "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
      "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
    ]
    maker.standardError = FileHandle.nullDevice
    try maker.run()
    maker.waitUntilExit()
    let output = Pipe()
    process.executableURL = openssl
    process.arguments = [
      "s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www",
    ]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    // It says which port the system chose.
    var text = ""
    while !text.contains("ACCEPT 127.0.0.1:") || text.last != "\n" {
      let piece = output.fileHandleForReading.availableData
      guard !piece.isEmpty else { break }
      text += String(decoding: piece, as: UTF8.self)
    }
    let line = text.split(separator: "\n").first { $0.hasPrefix("ACCEPT") }
    port = try #require(line?.split(separator: ":").last.flatMap { Int($0) })
  }

  deinit { process.terminate() }
}
