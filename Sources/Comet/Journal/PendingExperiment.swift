import Support

/// An experiment on disk that is to be sent.
public final class PendingExperiment: Sendable {
  public let journal: ExperimentJournal
  /// What to call it: its name, or its key.
  public let name: String
  /// Where the paths of its assets begin.
  public let folder: String
  /// The archive that has the same events as the journal.
  public let archive: String?
  /// How many messages of an archive were of each kind that the REST API has no call for.
  public let skipped: [String: Int]
  private let temporaryFolder: String?

  /// The folder of a run folder that journals and archives are in.
  public static let folderName = "comet"
  private static let journalSuffix = ".jsonl"
  private static let archiveSuffix = ".zip"
  /// What marks the journal of an archive, which lies beside it.
  private static let uploadSuffix = ".upload.jsonl"
  /// The folder that an archive's assets are unpacked into while they are sent.
  private static let assetsSuffix = ".upload"

  /// Everything at a path: a journal, an archive, a run folder, or a folder with some of those in it.
  ///
  /// Where an archive and the journal that it was written from lie side by side, they are one experiment.
  ///
  /// - Parameter failed: called for each journal or archive that cannot be used, such as that of a run that
  ///   still goes on.
  public static func all(
    at path: String, failed: (JournalError) -> Void
  ) throws -> [PendingExperiment] {
    guard let contents = try? Files.contents(of: path) else {
      return try collected(failed) { try [experiment(at: path)] }
    }
    if contents.contains(folderName), path.split(separator: "/").last != folderName[...] {
      return try all(at: path + "/" + folderName, failed: failed)
    }
    let journals = contents.filter {
      $0.hasSuffix(journalSuffix) && !$0.hasSuffix(uploadSuffix)
    }
    let archives = contents.filter { $0.hasSuffix(archiveSuffix) }
    if journals.isEmpty, archives.isEmpty {
      return try contents.filter {
        Files.isFolder("\(path)/\($0)/\(folderName)")
      }.flatMap { try all(at: path + "/" + $0, failed: failed) }
    }
    // A journal in which nothing was recorded is that of a run that ended before it logged anything.
    var usableCount = journals.count
    var experiments = try journals.flatMap { name in
      try collected({ if $0.kind == .empty { usableCount -= 1 } else { failed($0) } }) {
        try [PendingExperiment(journal: path + "/" + name)]
      }
    }
    // The archive of a journal that cannot be used may not be sent in its place: it may be too old.
    guard experiments.count == usableCount else { return experiments }
    let known = Set(experiments.flatMap(\.ids))
    for name in archives where !known.contains(String(name.dropLast(archiveSuffix.count))) {
      experiments += try collected(failed) { try [PendingExperiment(archive: path + "/" + name)] }
    }
    return experiments
  }

  private static func collected(
    _ failed: (JournalError) -> Void, _ experiments: () throws -> [PendingExperiment]
  ) throws -> [PendingExperiment] {
    do {
      return try experiments()
    } catch let error as JournalError {
      failed(error)
      return []
    }
  }

  private static func experiment(at path: String) throws -> PendingExperiment {
    guard path.hasSuffix(archiveSuffix) else { return try PendingExperiment(journal: path) }
    let folder = Files.folder(of: path)
    let id = path.split(separator: "/").last.map { String($0.dropLast(archiveSuffix.count)) }
    for name in (try? Files.contents(of: folder)) ?? []
    where name.hasSuffix(journalSuffix) && !name.hasSuffix(uploadSuffix) {
      let pending = try PendingExperiment(journal: folder + "/" + name)
      if pending.ids.contains(where: { $0 == id }) { return pending }
    }
    return try PendingExperiment(archive: path)
  }

  private init(journal path: String) throws {
    journal = try ExperimentJournal(opening: path)
    // A journal lies in the folder `comet` of the run folder that its paths begin at.
    folder = Files.folder(of: Files.folder(of: path))
    name = journal.experiment.name ?? journal.experiment.id
    let archive = Files.folder(of: path) + "/" + OfflineArchive.name(for: journal)
    self.archive = Files.exists(archive) ? archive : nil
    skipped = [:]
    temporaryFolder = nil
    try journal.recordCrash()
  }

  private init(archive path: String) throws {
    let reader = try ZipReader(path)
    let base = String(path.dropLast(Self.archiveSuffix.count))
    let journalPath = base + Self.uploadSuffix
    if Files.exists(journalPath) {
      journal = try ExperimentJournal(opening: journalPath)
      skipped = [:]
    } else {
      (journal, skipped) = try OfflineArchive.journal(of: reader, at: journalPath)
    }
    name = journal.experiment.name ?? path.split(separator: "/").last.map(String.init) ?? path
    archive = nil
    let temporary = base + Self.assetsSuffix
    temporaryFolder = temporary
    folder = temporary
    guard !journal.isFinished else { return }
    try Files.createNewFolder(temporary, isPrivate: true)
    try OfflineArchive.unpackAssets(of: reader, for: journal, into: temporary)
  }

  deinit {
    if let temporaryFolder { Files.remove(temporaryFolder) }
  }

  /// The names that its archive may have.
  private var ids: [String] { [journal.experiment.id] + (journal.created.map { [$0.key] } ?? []) }

  /// Removes the archive beside a journal that Comet has all of: sent again, it would do harm.
  public func removeArchive() {
    if let archive, journal.isFinished { Files.remove(archive) }
  }
}
