import Support

extension RunFolder {
  /// The default path of a new folder: `runs/<UTC time>-<seed>`, such as `runs/20260131T235959Z-42`.
  public static func newPath(seed: UInt32) -> String {
    "runs/\(Timestamp.now.fileNameText)-\(seed)"
  }
}
