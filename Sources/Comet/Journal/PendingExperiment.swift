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

  static func isJournal(_ name: String) -> Bool {
    name.hasSuffix(journalSuffix) && !name.hasSuffix(uploadSuffix)
  }

  static func isArchive(_ name: String) -> Bool { name.hasSuffix(archiveSuffix) }

  /// The archive that a journal beside it was made of; `nil` for another journal.
  static func archive(ofUpload path: String) -> String? {
    path.hasSuffix(uploadSuffix) ? path.dropLast(uploadSuffix.count) + archiveSuffix : nil
  }

  /// By what an archive's name says whose it is.
  static func id(ofArchive path: String) -> String {
    String(Files.name(of: path).dropLast(archiveSuffix.count))
  }

  init(journal path: String) throws {
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

  init(archive path: String) throws {
    let reader = try ZipReader(path)
    let base = String(path.dropLast(Self.archiveSuffix.count))
    let journalPath = base + Self.uploadSuffix
    if Files.exists(journalPath) {
      journal = try ExperimentJournal(opening: journalPath)
      skipped = [:]
    } else {
      (journal, skipped) = try OfflineArchive.journal(of: reader, at: journalPath)
    }
    name = journal.experiment.name ?? Files.name(of: path)
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
  var ids: [String] { Self.ids(journal.experiment, journal.created) }

  static func ids(_ experiment: OfflineExperiment, _ created: CreatedExperiment?) -> [String] {
    [experiment.id] + (created.map { [$0.key] } ?? [])
  }

  /// Removes the archive beside a journal that Comet has all of: sent again, it would do harm.
  public func removeArchive() {
    if let archive, journal.isFinished { Files.remove(archive) }
  }
}
