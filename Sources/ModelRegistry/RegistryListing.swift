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
    let names: [String]
    do throws(CometError) {
      names = try await client.answer(to: .registryModels(ofWorkspace: workspace)).map(\.name)
    } catch {
      throw RegistryError(error)
    }
    let models = try await RegistryContents.details(of: names, client, workspace)
    let rows = models.sorted { $0.model.name < $1.model.name }.flatMap { details in
      RegistryContents.versions(of: details).map { version in
        Row(
          model: details.model.name, version: version.number.description,
          stages: version.item.stages.filter { !SetDescription.isTag($0) },
          comment: version.item.comment ?? "")
      }
    }
    return RegistryListing(workspace: workspace, rows: rows)
  }
}
