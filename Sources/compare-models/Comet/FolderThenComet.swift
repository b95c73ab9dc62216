import Comparison

/// Keeps a run in its folder first, and logs it then.
///
/// Everything that takes time is done before, so that hardly a moment lies between a whole folder and the
/// journal that says so.
struct FolderThenComet: RunRecorder {
  let folder: RunFolder
  let comet: CometRecorder

  func record(_ run: RunReport) throws {
    let draft = try comet.draft(run)
    try folder.record(run)
    try comet.record(run, draft)
  }

  /// There is nothing in the document that the runs do not have.
  func finish(_ comparison: ComparisonDocument) throws { try folder.finish(comparison) }
}
