import Support

/// The experiments at some paths that are to be sent, each once, however many of the paths mean it.
public struct PendingExperiments: Sendable {
  public private(set) var experiments: [PendingExperiment] = []
  /// Journals and archives that cannot be used, such as that of a run that still goes on.
  public private(set) var problems: [JournalError] = []
  /// The paths at which there is nothing.
  public private(set) var emptyPaths: [String] = []
  /// The files that were opened already, from the root on and without links.
  private var openedFiles: Set<String> = []
  /// The names that the archives of the experiments may have.
  private var ids: Set<String> = []
  private var indices: [String: FolderIndex] = [:]

  /// Which journal of a folder an archive was written from.
  private struct FolderIndex: Sendable {
    var journals: [String: String] = [:]
    /// Why a journal could not be read: any archive of the folder may be its.
    var problem: JournalError?
  }

  /// - Parameter paths: journals, archives, run folders, and folders with some of those in them.
  public init(at paths: [String]) throws {
    for path in paths where try !take(path) { emptyPaths.append(path) }
  }

  /// - Returns: whether there is something, be it known already.
  private mutating func take(_ path: String) throws -> Bool {
    guard let contents = try? Files.contents(of: path) else {
      return try take(file: path)
    }
    let comet = PendingExperiment.folderName
    if contents.contains(comet), Files.name(of: path) != comet {
      return try take(path + "/" + comet)
    }
    let files = contents.filter {
      PendingExperiment.isJournal($0) || PendingExperiment.isArchive($0)
    }
    var hasFound = false
    if files.isEmpty {
      for name in contents where Files.isFolder("\(path)/\(name)/\(comet)") {
        hasFound = try take(path + "/" + name) || hasFound
      }
    }
    for name in files where try take(file: path + "/" + name) { hasFound = true }
    return hasFound
  }

  private mutating func take(file path: String) throws -> Bool {
    if let archive = PendingExperiment.archive(ofUpload: path), Files.exists(archive) {
      return try take(archive: archive)
    }
    guard PendingExperiment.isArchive(path) else {
      return try open(path) { try PendingExperiment(journal: path) }
    }
    return try take(archive: path)
  }

  /// Takes the journal that an archive was written from, and the archive itself where there is none.
  ///
  /// The archive of a journal that cannot be read is not sent in its place: it may be too old.
  private mutating func take(archive path: String) throws -> Bool {
    let index = index(of: Files.folder(of: path))
    if let journal = index.journals[PendingExperiment.id(ofArchive: path)] {
      return try open(journal) { try PendingExperiment(journal: journal) }
    }
    if let problem = index.problem {
      note(problem)
      return true
    }
    return try open(path) { try PendingExperiment(archive: path) }
  }

  /// - Returns: false for a journal of a run that ended before it logged anything.
  private mutating func open(
    _ path: String, _ experiment: () throws -> PendingExperiment
  ) throws -> Bool {
    guard openedFiles.insert(Files.absolute(path) ?? path).inserted else { return true }
    do {
      let experiment = try experiment()
      // A copy of its journal means the same experiment of Comet.
      if ids.isDisjoint(with: experiment.ids) { experiments.append(experiment) }
      ids.formUnion(experiment.ids)
      return true
    } catch let error as JournalError {
      guard error.kind != .empty else { return false }
      note(error)
      return true
    }
  }

  private mutating func note(_ problem: JournalError) {
    if !problems.contains(problem) { problems.append(problem) }
  }

  /// Reads the journals of a folder without locking them.
  private mutating func index(of folder: String) -> FolderIndex {
    if let known = indices[folder] { return known }
    var index = FolderIndex()
    for name in (try? Files.contents(of: folder)) ?? [] where PendingExperiment.isJournal(name) {
      let path = folder + "/" + name
      do throws(JournalError) {
        let bytes = try JournalError.withFiles { () throws(FileError) in try Files.read(path) }
        let (experiment, state) = try JournalState.read(bytes, path)
        for id in PendingExperiment.ids(experiment, state.created) { index.journals[id] = path }
      } catch {
        if error.kind != .empty { index.problem = index.problem ?? error }
      }
    }
    indices[folder] = index
    return index
  }
}
