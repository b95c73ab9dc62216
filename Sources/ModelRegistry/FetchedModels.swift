/// A set of models that is in a folder.
public struct FetchedModels: Sendable {
  /// The folder.
  public let folder: String
  /// What `registry.json` in it says.
  public let record: FetchRecord
  /// Whether it was fetched now; `false` where the newest set was there already, and nothing was
  /// downloaded.
  public let hasChanged: Bool
  /// Warnings for the user, a line each.
  public let warnings: [String]
}
