import CometStandIn
import TestSupport
import Testing

/// The built program against a Comet that misbehaves in every way that the stand-in knows.
@Suite struct `A run with a faulty Comet` {
  @Test func `a run with a Comet without faults logs every entry once`() throws {
    let clean = try CometRun.clean.get()
    #expect(clean.keys.sorted() == CometRun.names.sorted())
    for (name, entries) in clean {
      #expect(entries.count > 40, "\(name)")
      #expect(entries.keys.contains { $0.hasPrefix("metric validate accuracy null 0.") }, "\(name)")
      // Only the machine's further details come as several requests of one kind.
      #expect(entries.filter { $0.value > 1 && $0.key != "system" } == [:], "\(name)")
    }
  }

  /// A fault, and the statuses that the run may end with.
  static let faults: [(String, Set<Int32>)] = [
    ("status=429,retry-after-custom=0.05,after=20,times=5", [0]),
    ("status=429,retry-after=1,after=20,times=2", [0]),
    // A minute's wait: the run ends before, and keeps the rest.
    ("status=429,after=20,times=2", [0]),
    ("status=503,times=6", [0]),
    ("status=500,after=10,times=6", [0]),
    ("status=502,page,after=10,times=6", [0]),
    ("status=504,share=0.3,seed=2", [0]),
    ("status=200,page,after=30,times=3", [0]),
    ("status=400,path=write/experiment/parameter,after=3,times=2", [0]),
    ("status=413,path=write/experiment/upload-asset,times=1", [0]),
    ("latency=0.05", [0]),
    ("slow-body=400,share=0.2,seed=3", [0]),
    ("reset-before,share=0.2,seed=4", [0]),
    ("reset-after,share=0.2,seed=5", [0]),
    ("truncated-answer,share=0.2,seed=6", [0]),
    ("delayed-visibility=2", [0]),
    ("status=401,after=40", [77]),
    ("status=403,after=40,times=5", [0, 77]),
  ]

  @Test(.timeLimit(.minutes(20)), arguments: faults)
  func `a run loses nothing to a fault of Comet, and repeats nothing that was acknowledged`(
    text: String, statuses: Set<Int32>
  ) throws {
    let clean = try CometRun.clean.get()
    let run = try CometRun()
    run.server.setFaults([try Fault(parsing: text)])
    let waitsAMinute = text.hasPrefix("status=429,after")
    let outcome = try run.start(waitsAMinute ? ["COMET_FLUSH_TIMEOUT": "1"] : [:]).outcome()
    #expect(statuses.contains(outcome.status), "\(outcome.errors)")
    run.expectNoKey(outcome)
    let wasWhole = try run.journals().allSatisfy(\.isFinished)
    #expect(wasWhole != outcome.errors.contains("compare-models upload run"))
    run.server.setFaults([])
    let upload = try run.startUpload().outcome()
    #expect(upload.status == 0, "\(upload.errors)")
    run.expectNoKey(upload)
    #expect(!run.folder.names(below: "run/comet").contains { $0.hasSuffix(".zip") })
    for name in CometRun.names {
      let keys = CometLog.keys(run.server, name: name)
      #expect(keys.count == 1, "\(name)")
      guard let key = keys.first, let expected = clean[name] else { continue }
      let entries = CometLog.acknowledged(run.server, experiment: key)
      #expect(entries.filter { expected[$0.key] != $0.value } == [:], "\(name)")
      #expect(expected.filter { entries[$0.key] != $0.value } == [:], "\(name)")
      let stored = CometLog.stored(run.server, experiment: key)
      #expect(expected.keys.filter(Self.isStored).filter { !stored.contains($0) } == [], "\(name)")
    }
    run.server.stop()
  }

  private static func isStored(_ entry: String) -> Bool {
    ["metric ", "parameter ", "file "].contains { entry.hasPrefix($0) }
  }
}
