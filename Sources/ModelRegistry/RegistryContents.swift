import Comet

/// What the registry has under one prefix.
struct RegistryContents: Sendable {
  let names: SetNames
  let workspace: String
  /// The models of sets, each with its versions; those that are not there are left out.
  let models: [String: [Version]]
  /// Every name of the workspace's registry.
  let allNames: [String]

  /// A version with a number that can be compared.
  struct Version: Hashable, Sendable {
    let number: SemanticVersion
    let item: RegistryModelVersion

    func isIn(_ stage: String) -> Bool { item.stages.contains(stage) }
  }

  init(names: SetNames, workspace: String, allNames: [String], models: [RegistryModelDetails]) {
    self.names = names
    self.workspace = workspace
    self.allNames = allNames
    self.models = Dictionary(
      models.map { ($0.name, Self.versions(of: $0)) }, uniquingKeysWith: { first, _ in first }
    )
  }

  /// Newest first.
  static func versions(of details: RegistryModelDetails) -> [Version] {
    details.versions.compactMap { item in
      item.version.flatMap(SemanticVersion.init).map { Version(number: $0, item: item) }
    }.sorted { $0.number > $1.number }
  }

  /// The names of encoders, in order.
  var encoders: [String] {
    models.keys.filter { !names.always.contains($0) && $0 != names.graph }.sorted()
  }

  func version(_ number: SemanticVersion, of name: String) -> Version? {
    models[name]?.first { $0.number == number }
  }

  var highest: SemanticVersion? { models.values.joined().map(\.number).max() }
}

extension RegistryContents {
  /// Reads the list of models, then the versions of each part.
  static func read(
    _ client: CometClient, _ names: SetNames, workspace: String
  ) async throws(RegistryError) -> RegistryContents {
    let allNames = try await client.registryAnswer(to: .registryModels(ofWorkspace: workspace))
    let models = try await details(of: names.parts(among: allNames), client, workspace)
    return RegistryContents(
      names: names, workspace: workspace, allNames: allNames, models: models)
  }

  /// Models with their versions, asked for at once; in no order.
  static func details(
    of names: [String], _ client: CometClient, _ workspace: String
  ) async throws(RegistryError) -> [RegistryModelDetails] {
    typealias Answer = Result<RegistryModelDetails, RegistryError>
    let answers = await withTaskGroup(of: Answer.self, returning: [Answer].self) { group in
      for name in names {
        group.addTask {
          do throws(RegistryError) {
            let call = CometCall.registryModel(name, workspace: workspace)
            return .success(try await client.registryAnswer(to: call))
          } catch {
            return .failure(error)
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    return try answers.map { answer throws(RegistryError) in try answer.get() }
  }

  /// The workspace that is meant: the one that was named, else the account's own.
  static func workspace(
    _ named: String?, _ client: CometClient
  ) async throws(RegistryError) -> String {
    if let named { return named }
    return try await client.registryAnswer(to: .defaultWorkspace)
  }
}

extension SetNames {
  /// Those of the registry's names that may be parts of a set.
  func parts(among all: [String]) -> [String] {
    all.filter { always.contains($0) || $0 == graph || isEncoder($0, among: all) }
  }
}
