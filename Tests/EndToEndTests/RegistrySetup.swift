import CometStandIn
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A registry that stands in for Comet's, and a folder for runs on the diamonds.
struct RegistrySetup {
  private static let key = "s3cr3tkey0123456789abcdef"
  private static let download = "registry-model/item/download"

  let folder = TemporaryFolder()
  let server: StandInServer

  init(rows: Int = 2000, isOldBackend: Bool = false) throws {
    var options = StandInOptions()
    options.apiKey = Self.key
    options.isOldBackend = isOldBackend
    server = try StandInServer(options)
    folder.writeDiamonds(rows)
  }

  func run(_ arguments: [String], program: String = "compare-models") throws -> Program.Outcome {
    let outcome = try start(arguments, program: program).outcome()
    #expect(!(outcome.errors + outcome.output).contains(Self.key))
    return outcome
  }

  func start(_ arguments: [String], program: String = "compare-models") throws -> Program {
    try Program(
      arguments, in: folder, program: program,
      variables: [
        "COMET_API_KEY": Self.key, "COMET_WORKSPACE": "demo-ws", "COMET_URL_OVERRIDE": server.url,
      ])
  }

  /// Compares models on the diamonds, and registers the best.
  func compare(_ output: String, _ models: String, _ more: [String]) throws -> Program.Outcome {
    let trees = models.contains("RandomForest") ? ["--set", "RandomForest.n_estimators=20"] : []
    let outcome = try run(
      ["--data", "diamonds.csv", "--output", output, "--models", models, "--register"] + trees
        + more)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome
  }

  func get(_ arguments: [String] = []) throws -> Program.Outcome {
    try run(arguments, program: "get-models")
  }

  /// Fetches, and ends that by a signal while the set comes in, or thereafter.
  ///
  /// - Parameter number: the larger, the later.
  func fetch(
    endedBy signal: Int32, _ number: Int, using generator: inout SeededGenerator
  ) throws -> Program.Outcome {
    let isDownloading = number % 2 == 0
    // 500 bytes at a time.
    if isDownloading {
      server.setFaults([Fault(.slowBody(bytesPerSecond: 10_000), path: Self.download)])
    }
    defer { server.setFaults([]) }
    let count = server.requests.count { $0.path == Self.download }
    let program = try start([], program: "get-models")
    program.wait {
      guard isDownloading else {
        return server.requests.count { $0.path == Self.download } > count
      }
      let archive = folder.names().first { $0.hasSuffix(".zip") }.flatMap { folder.read($0) }
      return (archive?.count ?? 0) > 250 * number
    }
    // What follows the download takes some milliseconds, and shows nothing outside.
    if !isDownloading { usleep(UInt32.random(in: 0..<1000 * UInt32(number), using: &generator)) }
    program.signal(signal)
    return program.outcome()
  }

  func expectModels(
    of folderName: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let names = folder.names(below: folderName).map { $0.dropFirst(folderName.count + 1) }
      .filter {
        $0.hasSuffix(".safetensors") || $0.contains("abelEncoder") || $0 == "scaler.json"
      }
    #expect(names.count == 5, sourceLocation: sourceLocation)
    for name in names {
      #expect(
        folder.read("models/\(name)") == folder.read("\(folderName)/\(name)"),
        sourceLocation: sourceLocation)
    }
  }
}
