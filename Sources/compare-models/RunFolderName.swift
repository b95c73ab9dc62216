import Support

/// The default name of a run's folder.
enum RunFolderName {
  /// `runs/<UTC time>-<seed>`, such as `runs/20260131T235959Z-42`.
  static func now(seed: UInt32) -> String { "runs/\(Timestamp.now.fileNameText)-\(seed)" }
}
