public import Comet
public import ModelFiles
import Support

/// Fetches a set of registered models into a folder.
///
///     let fetcher = ModelSetFetcher(client: client, output: "models")
///     let fetched = try await fetcher.fetch()
///     fetched.record.version, fetched.hasChanged
///
/// All parts are downloaded at once into a new folder, unpacked and checked there; then the
/// folder takes the place of the old one in one step. Where anything fails, nothing has changed.
///
/// A transport that has given up sends nothing any more; to fetch repeatedly, make a new client each time.
public struct ModelSetFetcher: Sendable {
  private let client: CometClient
  private let workspace: String?
  private var names: SetNames
  private var choice: SetChoice
  private var withGraph: Bool
  private let output: String
  private let unfinished = UnfinishedFetch()

  /// The largest archive that is downloaded, in bytes.
  private static let archiveLimit = 2 << 30

  /// - Parameters:
  ///   - workspace: the account's own where it is `nil`.
  ///   - prefix: what the names of the set begin with, in the registry's spelling.
  ///   - withGraph: whether the model's ONNX graph is fetched, too; it is not checked.
  ///   - output: the folder to write. One that is there must be empty, or have nothing in it but what
  ///     was fetched.
  public init(
    client: CometClient, workspace: String? = nil, prefix: String = SetNames.standardPrefix,
    choice: SetChoice = .stage("production"), withGraph: Bool = false, output: String
  ) {
    self.client = client
    self.workspace = workspace
    names = SetNames(prefix: prefix)
    self.choice = choice
    self.withGraph = withGraph
    self.output = output
  }

  /// Fetches the set, unless it is there already.
  public func fetch() async throws(RegistryError) -> FetchedModels {
    let known = try replaceableRecord()
    let (chosen, workspace) = try await choose()
    if var record = known, isThere(chosen, record, workspace) {
      StagingFolder.removeLeftovers(of: output)
      record.stage = stage
      if record != known { try record.write(to: output) }
      return FetchedModels(
        folder: output, record: record, hasChanged: false, warnings: chosen.warnings)
    }
    let record = try await unfinished.inFolder(for: output) {
      folder async throws(RegistryError) in
      let (record, _) = try await fill(folder.path, with: chosen, workspace)
      try unfinished.takePlace(folder)
      return record
    }
    return FetchedModels(
      folder: output, record: record, hasChanged: true, warnings: chosen.warnings)
  }

  /// Fetches the set into memory; `output` names a folder that is there for no longer than that.
  public func load() async throws(RegistryError) -> LoadedSet {
    let (chosen, workspace) = try await choose()
    let (record, files) = try await unfinished.inFolder(for: output) {
      folder async throws(RegistryError) in
      try await fill(folder.path, with: chosen, workspace)
    }
    return LoadedSet(record: record, files: files)
  }

  /// Fetches the twin of a set that was fitted again on all rows.
  ///
  /// - Returns: the set with the twin's files.
  /// - Throws: ``RegistryError``, of the kind `missing` where the registry does not have just that
  ///   twin.
  public func load(
    twinOf set: LoadedSet, _ refit: ModelDescription.Refit
  ) async throws(RegistryError) -> LoadedSet {
    var fetcher = self
    fetcher.names = names.twins
    fetcher.choice = .experiment(refit.twinExperiment)
    let twin = try await fetcher.load()
    let files = twin.record.parts.flatMap(\.files)
    guard files.contains(where: { $0.name == ModelFile.name && $0.sha256 == refit.twinSHA256 })
    else {
      throw RegistryError(
        .missing, "\(names.twins.model) from experiment \(refit.twinExperiment) is another model")
    }
    return LoadedSet(record: set.record, files: twin.files)
  }

  /// Removes what is fetched in part, when a signal ends the process: nothing that this fetcher was asked
  /// for goes on.
  ///
  /// - Returns: whether the new set has taken the old one's place already.
  public func abandon() -> Bool { unfinished.abandon() }

  /// A set in memory.
  public struct LoadedSet: Sendable {
    public let record: FetchRecord
    public let files: ModelFileSet
  }

  private var stage: String? {
    if case .stage(let stage) = choice { stage } else { nil }
  }

  private func choose() async throws(RegistryError) -> (ChosenSet, workspace: String) {
    let workspace = try await RegistryContents.workspace(workspace, client)
    let contents = try await RegistryContents.read(client, names, workspace: workspace)
    return (try contents.chosen(choice, withGraph: withGraph), workspace)
  }

  /// The record of the folder that is there; refuses one that has anything else in it.
  private func replaceableRecord() throws(RegistryError) -> FetchRecord? {
    let contents: [String]
    do throws(FileError) {
      contents = try Files.contents(of: output)
    } catch {
      guard Files.information(output) == nil else {
        throw RegistryError(error.met(while: .cannotCreate))
      }
      return nil
    }
    guard !contents.isEmpty else { return nil }
    let record = try FetchRecord.read(folder: output)
    // A process that was killed may have left a record that it had not written to its end.
    let ours = Set(
      [FetchRecord.fileName, AtomicFile.temporaryName(FetchRecord.fileName)]
        + (record?.fileNames ?? []))
    if let other = contents.first(where: { record == nil || !ours.contains($0) }) {
      throw RegistryError(
        .cannotCreate,
        "\(output): expected a new or an empty folder, or one with fetched models alone, found one "
          + "with \"\(other)\" in it, which would be lost; name another")
    }
    return record
  }

  /// Whether the folder has just these versions, byte for byte as they were fetched.
  private func isThere(_ chosen: ChosenSet, _ record: FetchRecord, _ workspace: String) -> Bool {
    guard record.workspace == workspace, record.prefix == names.prefix,
      record.parts.map(\.id) == chosen.parts.map(\.version.item.id),
      record.parts.map(\.version) == chosen.parts.map(\.version.number.description)
    else { return false }
    return record.parts.flatMap(\.files).allSatisfy { file in
      (try? FetchRecord.File(file.name, in: output)) == file
    }
  }

  /// Downloads, unpacks and checks a set.
  private func fill(
    _ folder: String, with chosen: ChosenSet, _ workspace: String
  ) async throws(RegistryError) -> (FetchRecord, ModelFileSet) {
    let archives = chosen.parts.indices.map { "\(folder)/\($0).zip" }
    try await download(chosen, workspace, to: archives)
    // Whatever a set unpacks to, no archive is in its way.
    let files = folder + "/files"
    try RegistryError.withFiles { () throws(FileError) in
      _ = try Files.createNewFolder(files)
    }
    var parts: [FetchRecord.Part] = []
    for (part, archive) in zip(chosen.parts, archives) {
      let title = "\(part.name) \(part.version.number)"
      let names = try ModelArchive(archive, title: title).unpack(into: files)
      Files.remove(archive)
      parts.append(
        FetchRecord.Part(
          name: part.name, version: part.version.number.description, id: part.version.item.id,
          experimentKey: part.version.item.experimentKey, comment: part.version.item.comment,
          files: try names.map { name throws(RegistryError) in
            try FetchRecord.File(name, in: files)
          }))
    }
    let set: ModelFileSet
    do throws(RegistryError) {
      set = try ModelFileSet.read(folder: files)
    } catch {
      // The file's name says more than that of a folder which is about to go.
      let problem = error.description.replacing(files + "/", with: "")
      let version = chosen.version?.description ?? "of several versions"
      throw RegistryError(.badData, "\(names.prefix) \(version): \(problem)")
    }
    let record = FetchRecord(
      workspace: workspace, prefix: names.prefix, stage: stage,
      version: chosen.version?.description, fetchedAt: Timestamp.now.secondText, parts: parts)
    try RegistryError.withFiles { () throws(FileError) in
      for name in try Files.contents(of: files) {
        try Files.move(files + "/" + name, to: folder + "/" + name)
      }
      Files.removeEmptyFolder(files)
    }
    try record.write(to: folder)
    return (record, set)
  }

  /// Downloads all parts at once.
  private func download(
    _ chosen: ChosenSet, _ workspace: String, to archives: [String]
  ) async throws(RegistryError) {
    let errors = await withTaskGroup(of: CometError?.self, returning: [CometError].self) { group in
      for (part, archive) in zip(chosen.parts, archives) {
        // By version and not by stage: the stage may move meanwhile.
        let call = CometCall<Void>.download(
          part.name, .version(part.version.number.description), workspace: workspace, to: archive,
          limit: Self.archiveLimit)
        group.addTask {
          do throws(CometError) {
            try await client.answer(to: call)
            return nil
          } catch {
            return error
          }
        }
      }
      return await group.reduce(into: []) { errors, error in if let error { errors.append(error) } }
    }
    if let error = errors.first(where: { $0.kind == .refusedKey }) ?? errors.first {
      throw RegistryError(error)
    }
  }
}
