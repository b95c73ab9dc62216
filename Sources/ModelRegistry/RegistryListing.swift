public import Comet

/// Everything that a workspace's registry has.
public struct RegistryListing: Hashable, Sendable {
  public let workspace: String
  /// By name, and newest version first.
  public let rows: [Row]

  /// A version of a model.
  public struct Row: Hashable, Sendable {
    public let model: String
    public let version: String
    public let stages: [String]
    public let comment: String
  }

  /// - Parameter workspace: the account's own where it is `nil`.
  public static func read(
    _ client: CometClient, workspace: String? = nil
  ) async throws(RegistryError) -> RegistryListing {
    let workspace = try await RegistryContents.workspace(workspace, client)
    let names = try await client.registryAnswer(to: .registryModels(ofWorkspace: workspace))
    let models = try await RegistryContents.details(of: names, client, workspace)
    let rows = models.sorted { $0.name < $1.name }.flatMap { details in
      RegistryContents.versions(of: details).map { version in
        Row(
          model: details.name, version: version.number.description,
          stages: version.item.stages.filter { !SetDescription.isTag($0) },
          comment: version.item.comment ?? "")
      }
    }
    return RegistryListing(workspace: workspace, rows: rows)
  }
}
