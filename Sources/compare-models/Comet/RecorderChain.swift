import ModelComparison

/// Several recorders, one after the other: what fails in an earlier one is not told to a later one.
struct RecorderChain: RunRecorder {
  let recorders: [any RunRecorder]

  func record(_ run: RunReport) throws {
    for recorder in recorders { try recorder.record(run) }
  }

  func finish(_ comparison: ComparisonDocument) throws {
    for recorder in recorders { try recorder.finish(comparison) }
  }
}
