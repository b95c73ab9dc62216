import Foundation
import Support
import TestSupport
import Testing

@testable import Comet

/// What paths mean that are given to `upload`.
@Suite struct `Experiments that are to be sent` {
  private let files = TemporaryFolder()
  private var comet: String { files.path + "/run/comet" }

  /// A run folder with three journals and their archives.
  private init() throws {
    files.makeFolder("run")
    files.makeFolder("run/comet")
    for name in ["a", "b", "c"] {
      var experiment = Sample.experiment
      experiment.id = String(repeating: name, count: 32)
      experiment.name = name
      let journal = try ExperimentJournal(
        creating: "\(comet)/\(name).jsonl", experiment: experiment)
      try journal.append([.other("note", .string(name))])
      try journal.recordEnd(ExperimentEnd(time: 2000, hasCrashed: false))
      try OfflineArchive.write(
        journal, folder: files.path + "/run", to: "\(comet)/\(OfflineArchive.name(for: journal))")
    }
  }

  private var archives: [String] {
    ["a", "b", "c"].map { "\(comet)/\(String(repeating: $0, count: 32)).zip" }
  }

  private func names(_ paths: [String]) throws -> [String] {
    let pending = try PendingExperiments(at: paths)
    #expect(pending.problems == [])
    #expect(pending.emptyPaths == [])
    return pending.experiments.map(\.name)
  }

  // Each archive once opened all journals of its folder, so that the second found the first one's in use.
  @Test func `archives that are given one by one are the journals that they were written from`()
    throws
  {
    #expect(try names(archives) == ["a", "b", "c"])
    #expect(try names(Array(archives.reversed())) == ["c", "b", "a"])
    #expect(files.names(below: "run/comet").allSatisfy { !$0.contains(".upload") })
  }

  @Test func `paths that mean the same experiment are taken once`() throws {
    try FileManager.default.createSymbolicLink(
      atPath: files.path + "/link", withDestinationPath: "run")
    try FileManager.default.copyItem(
      atPath: files.path + "/run", toPath: files.path + "/copy")
    let same = [
      files.path, files.path + "/run", comet, comet + "/", "\(comet)/../comet",
      files.path + "/link", files.path + "/copy", "\(comet)/b.jsonl",
    ]
    for path in same + archives {
      let found = try names([path, path] + same + archives)
      #expect(found.sorted() == ["a", "b", "c"], "\(path)")
    }
  }

  @Test func `an archive without a journal is taken once, with the journal that it was given`()
    throws
  {
    let archive = files.path + "/" + Files.name(of: archives[0])
    try Files.move(archives[0], to: archive)
    // An archive does not have the experiment's name.
    let name = [Files.name(of: archive)]
    #expect(try names([archive, archive]) == name)
    let journal = String(archive.dropLast(4)) + ".upload.jsonl"
    #expect(Files.exists(journal))
    #expect(try names([archive, journal]) == name)
    #expect(try names([journal, archive]) == name)
  }

  @Test func `a journal that is in use holds up no other archive of its folder`() throws {
    let journal = try ExperimentJournal(opening: comet + "/b.jsonl")
    let pending = try PendingExperiments(at: archives)
    #expect(pending.experiments.map(\.name) == ["a", "c"])
    #expect(pending.problems.map(\.kind) == [.inUse])
    withExtendedLifetime(journal) {}
  }

  @Test func `the archive of a journal that is damaged is not sent in its place`() throws {
    files.write("{}\n", to: "run/comet/b.jsonl")
    for paths in [archives, [comet]] {
      let pending = try PendingExperiments(at: paths)
      #expect(pending.experiments.map(\.name) == ["a", "c"])
      #expect(pending.problems.map(\.kind) == [.damaged])
    }
  }
}
