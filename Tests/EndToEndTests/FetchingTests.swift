import CometStandIn
import Foundation
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// `get-models` is ended at any moment, and run twice at once.
@Suite struct `Fetching a set of models` {
  /// The exchange is one step, so that a reader finds a whole set at any time, and so does the next run.
  @Test(.timeLimit(.minutes(20)), arguments: 0..<24)
  func `a kill at any moment leaves the old set or the new one`(number: Int) throws {
    let setup = try RegistrySetup(rows: 300)
    _ = try setup.compare("first", "GaussianNB", ["--stage", "production"])
    #expect(try setup.get().status == 0)
    _ = try setup.compare(
      "second", "DecisionTreeClassifier", ["--stage", "production"])
    var generator = SeededGenerator(seed: UInt64(number))
    _ = try setup.fetch(endedBy: SIGKILL, number, using: &generator)
    let isNew = (setup.folder.text("models/registry.json") ?? "").contains("\"1.1.0\"")
    setup.expectModels(of: isNew ? "second/DecisionTreeClassifier" : "first/GaussianNB")
    let get = try setup.get()
    #expect(get.status == 0, "\(get.errors)")
    setup.expectModels(of: "second/DecisionTreeClassifier")
    // What the killed one has left is gone.
    #expect(!setup.folder.names().contains { $0.contains("fetching") })
  }

  @Test(.timeLimit(.minutes(20)), arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func `a signal while a set is downloaded leaves the old one and nothing else`(
    signal: Int32, status: Int32
  ) throws {
    let setup = try RegistrySetup(rows: 300)
    _ = try setup.compare("first", "GaussianNB", ["--stage", "production"])
    #expect(try setup.get().status == 0)
    _ = try setup.compare("second", "DecisionTreeClassifier", ["--stage", "production"])
    // The largest part would take minutes.
    setup.server.setFaults([
      Fault(.slowBody(bytesPerSecond: 100), path: "registry-model/item/download")
    ])
    let program = try setup.start([], program: "get-models")
    program.wait { setup.folder.names().contains { $0.hasSuffix(".zip") } }
    program.signal(signal)
    let outcome = program.outcome()
    #expect(outcome.status == status)
    #expect(outcome.errors == "get-models: interrupted; models has not changed\n")
    #expect(outcome.output == "")
    setup.expectModels(of: "first/GaussianNB")
    #expect(!setup.folder.names().contains { $0.contains("fetching") })
  }

  @Test(.timeLimit(.minutes(20)), arguments: 0..<16)
  func `a signal at any moment leaves a whole set and nothing else`(number: Int) throws {
    let setup = try RegistrySetup(rows: 300)
    _ = try setup.compare("first", "GaussianNB", ["--stage", "production"])
    #expect(try setup.get().status == 0)
    _ = try setup.compare("second", "DecisionTreeClassifier", ["--stage", "production"])
    var generator = SeededGenerator(seed: UInt64(number))
    let outcome = try setup.fetch(endedBy: SIGTERM, number, using: &generator)
    let isNew = (setup.folder.text("models/registry.json") ?? "").contains("\"1.1.0\"")
    setup.expectModels(of: isNew ? "second/DecisionTreeClassifier" : "first/GaussianNB")
    #expect(!setup.folder.names().contains { $0.contains("fetching") })
    let words = "get-models: interrupted; models has \(isNew ? "the new set" : "not changed")\n"
    // It may have been over, or not have begun to listen.
    #expect(outcome.errors == words || outcome.errors == "", "\(outcome.errors)")
    #expect([0, 143].contains(outcome.status))
  }

  @Test func `two get-models at once leave one whole set`() throws {
    let setup = try RegistrySetup(rows: 300)
    _ = try setup.compare("run", "GaussianNB", ["--stage", "production"])
    setup.server.setFaults([Fault(.latency(seconds: 0.05))])
    let programs = try (0..<2).map { _ in try setup.start([], program: "get-models") }
    for outcome in programs.map({ $0.outcome() }) {
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    setup.expectModels(of: "run/GaussianNB")
    #expect(!setup.folder.names().contains { $0.contains("fetching") })
  }
}

@Suite struct `The program get-models` {
  /// It is to be small and quick to start, and needs only the checks of what it fetches.
  @Test func `get-models has no code of classifiers and no OpenBLAS in it`() throws {
    for words in ["11Classifiers", "13LinearAlgebra", "blas_", "libopenblas"] {
      #expect(try Self.hasWords(words, in: "compare-models"), "\(words)")
      #expect(try !Self.hasWords(words, in: "get-models"), "\(words)")
    }
  }

  private static func hasWords(_ words: String, in program: String) throws -> Bool {
    let bytes = try #require(readFile(Program.path(of: program)))
    return Data(bytes).range(of: Data(words.utf8)) != nil
  }
}
