import TestSupport
import Testing

@testable import Comet

@Suite struct `A journal` {
  @Test func `a journal gives back every event that was logged`() throws {
    let (folder, journal) = try Sample.runFolder()
    defer { withExtendedLifetime(folder) {} }
    #expect(journal.eventCount == Sample.events.count)
    for (index, event) in Sample.events.enumerated() {
      // What JSON has no number for comes back as the string that Comet takes for it.
      let expected =
        event == Sample.events[5]
        ? ExperimentEvent.metric(
          "loss", "Infinity", context: "validate", step: 3, epoch: 1, timestamp: 1002) : event
      #expect(try journal.event(index + 1) == expected)
    }
  }

  // A process that was killed between making a journal and writing to it once made `upload` fail.
  @Test func `a journal that was never written to has nothing to send`() throws {
    let folder = TemporaryFolder()
    for (name, text) in [("a", ""), ("b", "{\"type\":\"exper")] {
      folder.write(text, to: "\(name).jsonl")
    }
    let found = try PendingExperiments(at: [folder.path])
    #expect(found.experiments.isEmpty)
    #expect(found.problems == [])
    #expect(found.emptyPaths == [folder.path])
  }

  @Test func `a journal remembers what Comet has taken, and under which key`() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/j.jsonl"
    do {
      let journal = try ExperimentJournal(creating: path, experiment: Sample.experiment)
      try journal.append(Sample.events)
      try journal.recordCreation(CreatedExperiment(key: "K", link: "http://x"))
      try journal.recordTaken(0)
      try journal.recordTaken(7)
      try journal.recordTaken(2)
      try journal.recordEnd(ExperimentEnd(time: 5, hasCrashed: true))
    }
    let journal = try ExperimentJournal(opening: path)
    #expect(journal.experiment == Sample.experiment)
    #expect(journal.created == CreatedExperiment(key: "K", link: "http://x"))
    #expect(journal.tagsAreTaken)
    #expect((1...journal.eventCount).filter(journal.isTaken) == [2, 7])
    #expect(journal.takenCount == 2)
    #expect(journal.end == ExperimentEnd(time: 5, hasCrashed: true))
    #expect(!journal.isFinished)
    try journal.recordFinish()
    #expect(journal.isFinished)
  }

  @Test func `a journal that is cut off at any byte keeps every whole line`() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/j.jsonl"
    do {
      let journal = try ExperimentJournal(creating: path, experiment: Sample.experiment)
      try journal.append(Array(Sample.events.prefix(2)))
      try journal.recordCreation(CreatedExperiment(key: "K", link: nil))
      try journal.recordTaken(1)
      try journal.append([Sample.events[9]])
      try journal.recordEnd(ExperimentEnd(time: 5, hasCrashed: false))
    }
    let whole = try #require(readFile(path))
    let lineEnds = whole.indices.filter { whole[$0] == UInt8(ascii: "\n") }
    #expect(lineEnds.count == 7)
    for count in 0...whole.count {
      folder.write(whole[..<count], to: "cut.jsonl")
      let lines = lineEnds.filter { $0 < count }.count
      guard lines > 0 else {
        let error = #expect(throws: JournalError.self) {
          try ExperimentJournal(opening: folder.path + "/cut.jsonl")
        }
        #expect(error?.kind == .empty)
        continue
      }
      do {
        let journal = try ExperimentJournal(opening: folder.path + "/cut.jsonl")
        #expect(journal.eventCount == [0, 0, 1, 2, 2, 2, 3, 3][lines])
        #expect(journal.created?.key == (lines >= 4 ? "K" : nil))
        #expect(journal.takenCount == (lines >= 5 ? 1 : 0))
        #expect((journal.end != nil) == (lines >= 7))
        try journal.append([.other("after", true)])
      }
      let journal = try ExperimentJournal(opening: folder.path + "/cut.jsonl")
      #expect(try journal.event(journal.eventCount) == .other("after", true))
    }
  }

  @Test func `a journal refuses a broken line in its middle, and names it`() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/j.jsonl"
    do { _ = try ExperimentJournal(creating: path, experiment: Sample.experiment) }
    let first = try #require(readFile(path))
    for bad in ["nonsense", "{}", #"{"type":"taken","payload":1}"#] {
      folder.write(first + Array("\(bad)\n".utf8), to: "bad.jsonl")
      let error = #expect(throws: JournalError.self) {
        try ExperimentJournal(opening: folder.path + "/bad.jsonl")
      }
      #expect(error?.kind == .damaged)
      #expect(error?.description.contains("line 2") == true)
    }
  }

  @Test func `a journal is written by one process at a time`() throws {
    let (folder, journal) = try Sample.runFolder()
    let error = #expect(throws: JournalError.self) {
      try ExperimentJournal(opening: journal.path)
    }
    #expect(error?.kind == .inUse)
    withExtendedLifetime((folder, journal)) {}
  }

  @Test func `a journal never replaces one that is there`() throws {
    let (folder, journal) = try Sample.runFolder()
    let error = #expect(throws: JournalError.self) {
      try ExperimentJournal(creating: journal.path, experiment: Sample.experiment)
    }
    #expect(error?.kind == .cannotCreate)
    withExtendedLifetime(folder) {}
  }
}
