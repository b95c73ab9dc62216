import Support
import TestSupport
import Testing

@testable import Comet

/// 1000 damaged journals and archives, or as many as MUTANTS says.
@Suite struct `A damaged journal or archive` {
  private static let count = Mutator.count(usually: 1000)

  /// Reads everything of what is to be sent, as the uploader and the registration do.
  private func use(_ path: String) throws {
    let pending = try PendingExperiments(at: [path])
    if let problem = pending.problems.first { throw problem }
    for experiment in pending.experiments {
      let journal = experiment.journal
      for number in 0..<journal.eventCount {
        // What cannot be sent is told, and does not end the others.
        guard let event = try? journal.event(number + 1) else { continue }
        _ = CometCall<Void>.log(event, folder: experiment.folder, experiment: "K")
      }
      _ = try? journal.hasMetric()
      try OfflineArchive.write(journal, folder: experiment.folder, to: path + ".again.zip")
    }
  }

  private func check(
    _ original: [UInt8], as name: String, in folder: TemporaryFolder, using generator: String
  ) {
    var soundCount = 0
    for number in 0..<Self.count {
      var mutator = Mutator(seed: UInt64(number))
      folder.write(mutator.mutant(of: original, other: original), to: name)
      for file in folder.names() where file.contains(".upload") || file.contains(".again") {
        if !file.hasSuffix("/") { Files.remove(folder.path + "/" + file) }
      }
      do {
        try use(folder.path + "/" + name)
        soundCount += 1
      } catch {
        let status = (error as? any ExitStatusProviding)?.exitStatus ?? 70
        #expect(status != 70, "\(generator), mutant \(number): \(error)")
      }
    }
    #expect(soundCount > Self.count / 200, "\(generator)")
  }

  @Test func `a damaged journal is refused, or sent as far as it can be read`() throws {
    let folder: TemporaryFolder
    do {
      let (made, journal) = try Sample.runFolder()
      try journal.recordCreation(CreatedExperiment(key: "K", link: "http://x"))
      try journal.recordTaken(0)
      try journal.recordTaken(3)
      folder = made
    }
    let name = "comet/RandomForest.jsonl"
    check(try #require(folder.read(name)), as: name, in: folder, using: "journal")
  }

  @Test func `a damaged archive is refused, or sent as far as it can be read`() throws {
    let (made, journal) = try Sample.runFolder()
    try OfflineArchive.write(journal, folder: made.path, to: made.path + "/a.zip")
    let folder = TemporaryFolder()
    check(try #require(made.read("a.zip")), as: "a.zip", in: folder, using: "archive")
  }
}
