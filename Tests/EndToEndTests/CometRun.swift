import CometStandIn
import TestSupport
import Testing

/// A small run that is logged to a stand-in, and what it must leave there.
struct CometRun {
  static let names = [
    "RandomForest", "DecisionTreeClassifier", "GaussianNB", "KNeighborsClassifier",
  ]
  static let key = "s3cr3tkey0123456789abcdef"

  let folder = TemporaryFolder()
  let server: StandInServer

  init() throws {
    var options = StandInOptions()
    options.apiKey = Self.key
    server = try StandInServer(options)
    folder.writeDiamonds(200)
  }

  private static let options = [
    "--data", "diamonds.csv", "--set", "RandomForest.n_estimators=3", "--output", "run",
  ]

  func variables(_ others: [String: String] = [:]) -> [String: String] {
    [
      "COMET_API_KEY": Self.key, "COMET_WORKSPACE": "demo-ws", "COMET_URL_OVERRIDE": server.url,
      "COMET_FLUSH_TIMEOUT": "20",
    ].merging(others) { $1 }
  }

  func start(_ others: [String: String] = [:]) throws -> Program {
    try Program(Self.options, in: folder, variables: variables(others))
  }

  func startUpload() throws -> Program {
    try Program(["upload", "run"], in: folder, variables: variables())
  }

  /// The journals that are there, as far as they are readable.
  func journals() throws -> [CometJournal] {
    try folder.names(below: "run/comet").filter { $0.hasSuffix(".jsonl") }.compactMap {
      try CometJournal(folder.read($0) ?? [])
    }
  }

  /// How many lines the journals have.
  var lineCount: Int {
    folder.names(below: "run/comet").filter { $0.hasSuffix(".jsonl") }.reduce(0) { count, name in
      count + (folder.read(name) ?? []).count { $0 == UInt8(ascii: "\n") }
    }
  }

  func expectNoKey(_ outcomes: Program.Outcome...) {
    for outcome in outcomes { #expect(!(outcome.output + outcome.errors).contains(Self.key)) }
    let key = Array(Self.key.utf8)
    for name in folder.names() where !name.hasSuffix("/") {
      #expect(folder.read(name)?.firstRange(of: key) == nil, "\(name)")
    }
  }

  /// What a run without faults leaves, by the experiment's name.
  static let clean = Result<[String: [String: Int]], any Error> {
    let run = try CometRun()
    let outcome = try run.start().outcome()
    try #require(outcome.status == 0, "\(outcome.errors)")
    var entries: [String: [String: Int]] = [:]
    for name in names {
      let keys = CometLog.keys(run.server, name: name)
      try #require(keys.count == 1)
      entries[name] = CometLog.acknowledged(run.server, experiment: keys[0])
    }
    run.server.stop()
    return entries
  }
}
