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

  /// How long a run takes that is not killed, in microseconds.
  private static let duration = Result<Double, any Error> {
    let run = try CometRun()
    run.server.setFaults([late])
    let clock = ContinuousClock()
    let program = try run.start()
    let time = clock.measure { _ = program.outcome() }
    run.server.stop()
    return Double(time.components.seconds) * 1e6 + Double(time.components.attoseconds) / 1e12
  }

  @Test(.timeLimit(.minutes(20)), arguments: 0..<50)
  func `at a random moment loses nothing that it had begun to log`(number: Int) throws {
    var generator = SeededGenerator(seed: UInt64(number))
    let moment = (Double(number) + Double.random(in: 0..<1, using: &generator)) / 50
    let run = try CometRun()
    run.server.setFaults([Self.late])
    let program = try run.start()
    usleep(UInt32(moment * (try Self.duration.get())))
    program.signal(SIGKILL)
    let outcome = program.outcome()
    let before = try run.journals()
    var acknowledgedTwice = 0
    if !before.isEmpty {
      if number % 2 == 1 {
        // Sending again is killed, too.
        let upload = try run.startUpload()
        usleep(UInt32.random(in: 0..<200_000, using: &generator))
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
