public import Comet

/// Registers sets of models, and moves stages from one to another.
///
///     let registrar = ModelSetRegistrar(client: client, workspace: "demo-ws")
///     let registered = try await registrar.register(set)
///     try await registrar.move("production", to: registered)
///
/// Each call of Comet's API changes one thing, and their order keeps the registry consistent after each: parts
/// come before the model, and the old set loses its stage when all of the new one has it. After any
/// interruption, the same two calls continue the work.
public struct ModelSetRegistrar: Sendable {
  private let client: CometClient
  private let workspace: String?
  private let patience: Patience

  /// - Parameter workspace: the account's own where it is `nil`.
  public init(
    client: CometClient, workspace: String? = nil, patience: Patience = .standard
  ) {
    self.client = client
    self.workspace = workspace
    self.patience = patience
  }

  // MARK: Registering

  /// Makes a new version of every part: the same for all, one above the highest that there is.
  ///
  /// A set that is registered already, or in part, keeps its version.
  public func register(_ set: RegistrableSet) async throws(RegistryError) -> RegisteredSet {
    let workspace = try await RegistryContents.workspace(workspace, client)
    let models = try await loggedModels(of: set)
    let contents = try await RegistryContents.read(client, set.names, workspace: workspace)
    let key = set.description.experimentKey
    let version = Self.version(for: set, in: contents)
    var isNew = false
    for part in set.parts where contents.version(version, of: part.registryName) == nil {
      guard let model = models[part.loggedName] else { continue }
      let isKnown = contents.allNames.contains(part.registryName)
      if try await create(part, model, version, set, isKnown: isKnown, workspace) { isNew = true }
    }
    return RegisteredSet(
      names: set.names, version: version, partNames: set.parts.map(\.registryName),
      experimentKey: key, workspace: workspace, isNew: isNew)
  }

  /// The version that an earlier attempt has begun, else the next one.
  static func version(
    for set: RegistrableSet, in contents: RegistryContents
  ) -> SemanticVersion {
    let key = set.description.experimentKey
    let begun = Set(
      set.parts.flatMap { part in
        (contents.models[part.registryName] ?? []).filter { $0.item.experimentKey == key }
          .map(\.number)
      })
    let usable = begun.filter { number in
      set.parts.allSatisfy { part in
        contents.version(number, of: part.registryName).map { $0.item.experimentKey == key } ?? true
      }
    }
    return usable.max() ?? contents.highest?.next ?? .first
  }

  /// The models that the experiment has logged, by name; waits until those of the set are there.
  private func loggedModels(
    of set: RegistrableSet
  ) async throws(RegistryError) -> [String: ExperimentModel] {
    let key = set.description.experimentKey
    var missing: [String] = []
    var unknown: CometError?
    let found = try await patience.wait {
      () async throws(RegistryError) -> [String: ExperimentModel]? in
      let models: [ExperimentModel]
      do throws(CometError) {
        models = try await client.answer(to: .models(ofExperiment: key))
      } catch {
        guard error.kind == .notFound else { throw RegistryError(error) }
        unknown = error
        return nil
      }
      unknown = nil
      let byName = Dictionary(models.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      missing = set.parts.map(\.loggedName).filter { byName[$0] == nil }
      return missing.isEmpty ? byName : nil
    }
    if let unknown {
      throw RegistryError(.missing, "Comet has no experiment \(key): \(unknown)")
    }
    guard let found else {
      throw RegistryError(
        .missing,
        "experiment \(key) has no model \(missing.joined(separator: ", ")); send the run first, with "
          + "compare-models upload")
    }
    return found
  }

  /// Makes a version of a part; false where it turns out to be there.
  private func create(
    _ part: RegistrableSet.Part, _ model: ExperimentModel, _ version: SemanticVersion,
    _ set: RegistrableSet, isKnown: Bool, _ workspace: String
  ) async throws(RegistryError) -> Bool {
    let key = set.description.experimentKey
    func registration(_ stages: [String]) -> ModelRegistration {
      ModelRegistration(
        experimentKey: key, modelName: part.loggedName, registryName: part.registryName,
        version: version.description, comment: set.description.comment, stages: stages)
    }
    do throws(CometError) {
      do throws(CometError) {
        _ = try await client.answer(to: .register(registration(set.description.tags)))
      } catch {
        // What older Comets do not know they answer like this; they have no tags beside stages.
        guard error.status == 404 else { throw error }
        _ = try await client.answer(
          to: .registerOnOlderComet(registration([]), model: model, isNew: !isKnown))
      }
      return true
    } catch {
      // An answer that was lost on its way, and the request sent again, ends like this, too.
      guard error.kind == .refused else { throw RegistryError(error) }
      let there = try await patience.wait { () async throws(RegistryError) in
        try await self.version(version, of: part.registryName, workspace)
      }
      guard let there else { throw RegistryError(error) }
      guard there.item.experimentKey == key else {
        throw RegistryError(
          .unavailable,
          "\(part.registryName) \(version) was registered by somebody else meanwhile; run the same "
            + "command again")
      }
      return false
    }
  }

  // MARK: Stages

  /// Gives a stage to all parts of a set, and then takes it from every other version.
  public func move(
    _ stage: String, to set: RegisteredSet
  ) async throws(RegistryError) -> StageMove {
    let contents = try await shown(set)
    var given: [String] = []
    for name in set.partNames {
      guard let version = contents.version(set.version, of: name), !version.isIn(stage) else {
        continue
      }
      try await change(.addStage(stage, toVersion: version.item.id), name, version.number, set) {
        $0.isIn(stage)
      }
      given.append(name)
    }
    var taken: [String] = []
    let others = contents.models.keys.filter { !set.partNames.contains($0) }.sorted()
    for name in others + set.partNames {
      for version in contents.models[name] ?? []
      where version.isIn(stage) && !(version.number == set.version && set.partNames.contains(name))
      {
        try await change(
          .removeStage(stage, fromVersion: version.item.id), name, version.number, set
        ) { !$0.isIn(stage) }
        taken.append("\(name) \(version.number)")
      }
    }
    return StageMove(stage: stage, given: given, taken: taken)
  }

  /// What the registry has as soon as it shows the set; it may do so only after a moment.
  private func shown(_ set: RegisteredSet) async throws(RegistryError) -> RegistryContents {
    let contents = try await patience.wait { () async throws(RegistryError) in
      let contents = try await RegistryContents.read(client, set.names, workspace: set.workspace)
      let isThere = set.partNames.allSatisfy { contents.version(set.version, of: $0) != nil }
      return isThere ? contents : nil
    }
    guard let contents else {
      throw RegistryError(
        .unavailable,
        "the registry does not show all parts of version \(set.version); run the same command again"
      )
    }
    return contents
  }

  // MARK: Notes

  /// Adds a tag to the model of a set.
  ///
  /// - Parameters:
  ///   - beginning: what such tags begin with, such as `comparison:2026-`.
  ///   - end: the tag's end, given those of the same kind that all versions have.
  /// - Returns: the end of the tag.
  public func note(
    _ beginning: String, on set: RegisteredSet, end: ([String]) throws(RegistryError) -> String
  ) async throws(RegistryError) -> String {
    let contents = try await shown(set)
    let versions = contents.models[set.names.model] ?? []
    func ends(_ version: RegistryContents.Version) -> [String] {
      version.item.stages.filter { $0.hasPrefix(beginning) }
        .map { String($0.dropFirst(beginning.count)) }
    }
    let text = try end(versions.flatMap(ends))
    guard let own = versions.first(where: { $0.number == set.version }) else { return text }
    try await change(
      .addStage(beginning + text, toVersion: own.item.id), set.names.model, own.number, set
    ) { $0.isIn(beginning + text) }
    return text
  }

  /// Changes a version; where Comet refuses, it may be because the change was made already.
  private func change(
    _ call: CometCall<Void>, _ name: String, _ number: SemanticVersion, _ set: RegisteredSet,
    isDone: @Sendable (RegistryContents.Version) -> Bool
  ) async throws(RegistryError) {
    do throws(CometError) {
      try await client.answer(to: call)
    } catch {
      guard error.kind == .refused else { throw RegistryError(error) }
      let done = try await patience.wait { () async throws(RegistryError) in
        try await version(number, of: name, set.workspace).flatMap { isDone($0) ? $0 : nil }
      }
      guard done != nil else { throw RegistryError(error) }
    }
  }

  private func version(
    _ number: SemanticVersion, of name: String, _ workspace: String
  ) async throws(RegistryError) -> RegistryContents.Version? {
    do throws(CometError) {
      let details = try await client.answer(to: .registryModel(name, workspace: workspace))
      return RegistryContents.versions(of: details).first { $0.number == number }
    } catch {
      // A model that was just made may not be shown yet.
      if error.kind == .notFound { return nil }
      throw RegistryError(error)
    }
  }
}

/// A set that is in the registry.
public struct RegisteredSet: Hashable, Sendable {
  let names: SetNames
  public let version: SemanticVersion
  /// The names of its parts, the model's last.
  public let partNames: [String]
  public let experimentKey: String
  public let workspace: String
  /// Whether any of it was made now.
  public let isNew: Bool
}

/// What became of a stage.
public struct StageMove: Hashable, Sendable {
  public let stage: String
  /// The parts that got it now.
  public let given: [String]
  /// The parts and versions that it was taken from.
  public let taken: [String]
}
