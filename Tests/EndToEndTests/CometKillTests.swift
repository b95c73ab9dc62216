import CometStandIn
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// `kill -9` while requests are in flight.
@Suite struct `A run that is killed` {
  private static let connections = 8
  /// Every answer is late, so that at any moment of a run requests are in flight.
  private static let late = Fault(.latency(seconds: 0.01))

  /// How many requests a run makes, and how many lines its journals get, when it is not killed.
  private static let whole = Result<(requests: Int, lines: Int), any Error> {
    let run = try CometRun()
    let outcome = try run.start().outcome()
    try #require(outcome.status == 0, "\(outcome.errors)")
    run.server.stop()
    return (run.server.requests.count, run.lineCount)
  }

  @Test(.timeLimit(.minutes(20)), arguments: 0..<50)
  func `a run that is killed at any moment loses nothing that was logged`(number: Int) throws {
    var generator = SeededGenerator(seed: UInt64(number))
    let whole = try Self.whole.get()
    let run = try CometRun()
    run.server.setFaults([Self.late])
    let program = try run.start()
    // Half of the kills come with a request, half with a line of the journals.
    program.wait {
      number % 4 < 2
        ? run.server.requests.count >= whole.requests * number / 50
        : run.lineCount >= whole.lines * number / 50
    }
    program.signal(SIGKILL)
    let outcome = program.outcome()
    let before = try run.journals()
    #expect(number == 0 || !before.isEmpty)
    var acknowledgedTwice = 0
    if !before.isEmpty {
      if number % 2 == 1 {
        // Sending again is killed, too.
        let upload = try run.startUpload()
        let goal = run.server.requests.count + Int.random(in: 0..<40, using: &generator)
        upload.wait { run.server.requests.count >= goal }
        upload.signal(SIGKILL)
        run.expectNoKey(upload.outcome())
      }
      let upload = try run.startUpload().outcome()
      #expect(upload.status == 0, "\(upload.errors)")
      run.expectNoKey(outcome, upload)
    }
    for journal in before {
      let now = try #require(try run.journals().first { $0.name == journal.name })
      #expect(now.isFinished, "\(journal.name)")
      let key = try #require(now.experimentKey)
      #expect(journal.experimentKey == nil || journal.experimentKey == key)
      #expect(CometLog.keys(run.server, name: journal.name) == [key])
      let counts = CometLog.acknowledged(run.server, experiment: key)
      let logged = Set(journal.entries)
      #expect(logged.filter { counts[$0] == nil } == [], "\(journal.name)")
      #expect(counts.keys.filter { !logged.contains($0) } == [], "\(journal.name)")
      for (entry, isTaken) in zip(journal.entries, journal.isTaken) where entry != "system" {
        // Twice is only what the process died too early to note.
        #expect(!isTaken || counts[entry] == 1, "\(journal.name): \(entry)")
        acknowledgedTwice += max(0, (counts[entry] ?? 1) - 1)
      }
    }
    #expect(acknowledgedTwice <= Self.connections * (number % 2 + 1))
    run.server.stop()
  }
}
