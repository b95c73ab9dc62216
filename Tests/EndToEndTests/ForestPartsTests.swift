import Foundation
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

@Suite struct `A forest in parts` {
  private static let options = [
    "--data", "diamonds.csv", "--set", "RandomForest.n_estimators=230", "--set",
    "RandomForest.oob_score=true", "--models", "RandomForest,GaussianNB", "--offline",
  ]

  /// The files of a run, without seconds, what was typed, and what is kept for Comet.
  private static func files(_ folder: TemporaryFolder, _ name: String) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: folder.names(below: name)
        .filter {
          !$0.hasSuffix("/") && !$0.hasPrefix("\(name)/comet/") && !$0.hasPrefix("\(name)/report")
        }
        .map { path in
          let text = String(decoding: folder.read(path) ?? [], as: Unicode.ASCII.self)
          return (
            String(path.dropFirst(name.count)),
            text.replacing(/"(fit|predict)_seconds" : [-0-9.e]+/, with: "")
          )
        })
  }

  @Test func `is joined into what one process writes, kills and overlaps or not`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(3000)
    let whole = try Program.run(Self.options + ["--output", "one"], in: folder)
    #expect(whole.status == 0)
    let expected = Self.files(folder, "one")
    #expect(expected["/RandomForest/model.safetensors"] != nil)

    var generator = SeededGenerator(seed: 5)
    for part in ["1...120", "2/3", "100...230"] {
      let options = Self.options + ["--trees", part, "--output", "parts"]
      for signal in [SIGKILL, SIGTERM] {
        let program = try Program(options, in: folder)
        usleep(UInt32.random(in: 10_000...120_000, using: &generator))
        program.signal(signal)
        _ = program.outcome()
      }
      let outcome = try Program.run(options, in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
    let merged = try Program.run(["merge", "parts", "--output", "joined"], in: folder)
    #expect(merged.status == 0, "\(merged.errors)")
    #expect(Self.files(folder, "joined") == expected)

    // The same from a folder for each part, divided by a scheduler.
    for index in 0..<3 {
      let outcome = try Program.run(
        Self.options + ["--trees", "shard", "--output", "part-\(index)"], in: folder,
        variables: ["JOB_COMPLETION_INDEX": "\(index)", "JOB_COMPLETIONS": "3"])
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let early = try Program.run(["merge", "part-0", "part-2", "--output", "x"], in: folder)
    #expect(early.status == 75)
    #expect(
      early.errors.contains("the trees 78 to 153 of 230 are not there yet; grow them with --trees"),
      "\(early.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/x"))
    let joined = try Program.run(
      ["merge", "part-2", "part-1", "part-0", "--output", "y", "--quiet"], in: folder)
    #expect(joined.status == 0, "\(joined.errors)")
    #expect(Self.files(folder, "y") == expected)
  }

  @Test(arguments: [
    (["--trees", "1...300", "--output", "p"], 64, "the forest has 230 trees"),
    (["--trees", "0...3", "--output", "p"], 64, "'0...3' is invalid"),
    (["--trees", "shard", "--output", "p"], 64, "no scheduler says which part this is"),
    (["--trees", "1...3"], 64, "--trees needs --output"),
    (["--trees", "1...3", "--output", "p", "--cross-validate", "3"], 64, "divides one fit"),
    (["--trees", "1...3", "--output", "p", "--seed", "7"], 64, "expected --seed 42"),
    (["--trees", "1...3", "--output", "taken"], 73, "or one of a forest in parts"),
  ])
  func `with a mistake is one line and a status`(
    options: [String], status: Int32, words: String
  ) throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(200)
    folder.makeFolder("taken")
    folder.write("x", to: "taken/x")
    if options.contains("7") {
      _ = try Program.run(Self.options + ["--trees", "1...2", "--output", "p"], in: folder)
    }
    let outcome = try Program.run(Self.options + options, in: folder)
    #expect(outcome.status == status)
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }
}
