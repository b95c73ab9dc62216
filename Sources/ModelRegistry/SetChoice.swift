import Comet

/// Which set is meant.
public enum SetChoice: Hashable, Sendable {
  /// The newest one that carries the stage.
  case stage(String)
  /// The one with this version.
  case version(SemanticVersion)
  /// The newest one that comes from this experiment.
  case experiment(String)
}

/// The version of each part that is to be fetched.
struct ChosenSet: Hashable, Sendable {
  struct Part: Hashable, Sendable {
    let name: String
    let version: RegistryContents.Version
  }

  /// The model, the scaler, the label encoder, and the encoders by name.
  let parts: [Part]
  let warnings: [String]

  /// The version that all parts have; `nil` where they differ.
  var version: SemanticVersion? {
    let numbers = Set(parts.map(\.version.number))
    return numbers.count == 1 ? numbers.first : nil
  }
}

extension RegistryContents {
  /// Finds the set that is meant.
  ///
  /// By stage, the newest version counts that all parts have in that stage. An encoder that does not have
  /// the version at all is one of other data, as long as all parts of the version come of one experiment.
  /// Where no version is whole, parts that were registered one by one, each part's newest in the stage
  /// is taken, with a warning.
  ///
  /// - Parameter withGraph: whether the model's ONNX graph is wanted, too.
  func chosen(
    _ choice: SetChoice, withGraph: Bool = false
  ) throws(RegistryError) -> ChosenSet {
    let found = try set(of: choice)
    guard withGraph else { return found }
    guard let number = found.parts.first(where: { $0.name == names.model })?.version.number,
      let graph = version(number, of: names.graph)
    else {
      throw RegistryError(
        .missing,
        "\(names.graph) has no version of the chosen model; a run with --onnx and --register makes one"
      )
    }
    return ChosenSet(
      parts: found.parts + [ChosenSet.Part(name: names.graph, version: graph)],
      warnings: found.warnings)
  }

  private func set(of choice: SetChoice) throws(RegistryError) -> ChosenSet {
    for name in names.always where models[name] == nil { throw noModel(name) }
    switch choice {
    case .version(let number):
      for name in names.always where version(number, of: name) == nil {
        throw noVersion(number, of: name)
      }
      return ChosenSet(
        parts: parts { version(number, of: $0) }, warnings: [])
    case .experiment(let key):
      guard let model = models[names.model]?.first(where: { $0.item.experimentKey == key }) else {
        throw RegistryError(.missing, "\(names.model) has no version from experiment \(key)")
      }
      return try set(of: .version(model.number))
    case .stage(let stage):
      if let number = completeVersions(in: stage).first {
        return ChosenSet(parts: parts { version(number, of: $0) }, warnings: [])
      }
      func newest(_ name: String) -> Version? { models[name]?.first { $0.isIn(stage) } }
      for name in names.always where newest(name) == nil { throw noStage(stage, of: name) }
      let parts = parts(newest)
      let listed = parts.map { "\($0.name) \($0.version.number)" }.joined(separator: ", ")
      return ChosenSet(
        parts: parts,
        warnings: [
          "no version of all parts is in stage \"\(stage)\"; the newest of each was taken: \(listed)"
        ])
    }
  }

  /// The versions of which a whole set is in the stage, newest first.
  func completeVersions(in stage: String) -> [SemanticVersion] {
    (models[names.model] ?? []).map(\.number).filter { number in
      let present = (names.always + encoders).compactMap { version(number, of: $0) }
      guard names.always.allSatisfy({ version(number, of: $0) != nil }),
        present.allSatisfy({ $0.isIn(stage) })
      else { return false }
      let isWithoutSome = encoders.contains { name in
        version(number, of: name) == nil && models[name]?.contains { $0.isIn(stage) } == true
      }
      let experiments = Set(present.map(\.item.experimentKey))
      return !isWithoutSome || experiments.count == 1 && experiments.first != .some(nil)
    }
  }

  private func parts(_ version: (String) -> Version?) -> [ChosenSet.Part] {
    (names.always + encoders).compactMap { name in
      version(name).map { ChosenSet.Part(name: name, version: $0) }
    }
  }

  private func noModel(_ name: String) -> RegistryError {
    let found = allNames.isEmpty ? "none" : Self.listed(allNames.sorted())
    return RegistryError(
      .missing,
      "the registry of workspace \(workspace) has no model \(name); its models: \(found)")
  }

  private func noVersion(_ number: SemanticVersion, of name: String) -> RegistryError {
    let versions = (models[name] ?? []).map(\.number.description)
    return RegistryError(
      .missing,
      "\(name) has no version \(number); its versions: "
        + (versions.isEmpty ? "none" : Self.listed(versions)))
  }

  private func noStage(_ stage: String, of name: String) -> RegistryError {
    let stages = (models[name] ?? []).flatMap { version in
      version.item.stages.filter { !SetDescription.isTag($0) }.map { "\($0) (\(version.number))" }
    }
    return RegistryError(
      .missing,
      "\(name) has no version in stage \"\(stage)\"; its stages: "
        + (stages.isEmpty ? "none" : Self.listed(stages)))
  }

  private static func listed(_ names: [String]) -> String {
    names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
  }
}
