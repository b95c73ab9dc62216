#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

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
  /// - Parameter failed: called for what cannot be used, such as the journal of a run that still goes on.
  public static func all(
    at path: String, failed: (JournalError) -> Void
  ) throws -> [PendingExperiment] {
    guard let contents = FileNames.contents(of: path) else {
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
        FileNames.contents(of: path + "/" + $0)?.contains(folderName) == true
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
    let folder = FileNames.folder(of: path)
    let id = path.split(separator: "/").last.map { String($0.dropLast(archiveSuffix.count)) }
    for name in FileNames.contents(of: folder) ?? []
    where name.hasSuffix(journalSuffix) && !name.hasSuffix(uploadSuffix) {
      let pending = try PendingExperiment(journal: folder + "/" + name)
      if pending.ids.contains(where: { $0 == id }) { return pending }
    }
    return try PendingExperiment(archive: path)
  }

  private init(journal path: String) throws {
    journal = try ExperimentJournal(opening: path)
    // A journal lies in the folder `comet` of the run folder that its paths begin at.
    folder = FileNames.folder(of: FileNames.folder(of: path))
    name = journal.experiment.name ?? journal.experiment.id
    let archive = FileNames.folder(of: path) + "/" + OfflineArchive.name(for: journal)
    self.archive = access(archive, F_OK) == 0 ? archive : nil
    skipped = [:]
    temporaryFolder = nil
    try journal.recordCrash()
  }

  private init(archive path: String) throws {
    let reader = try ZipReader(path)
    let base = String(path.dropLast(Self.archiveSuffix.count))
    let journalPath = base + Self.uploadSuffix
    if access(journalPath, F_OK) == 0 {
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
    guard mkdir(temporary, 0o700) == 0 || errno == EEXIST else {
      throw JournalError.last(.cannotCreate, temporary)
    }
    try OfflineArchive.unpackAssets(of: reader, for: journal, into: temporary)
  }

  deinit {
    if let temporaryFolder { FileNames.remove(temporaryFolder) }
  }

  /// The names that its archive may have.
  private var ids: [String] { [journal.experiment.id] + (journal.created.map { [$0.key] } ?? []) }

  /// Removes the archive beside a journal that Comet has all of: sent again, it would do harm.
  public func removeArchive() {
    if let archive, journal.isFinished { unlink(archive) }
  }
}

/// The few operations on names of files that are needed here.
public enum FileNames {
  /// The names in a folder, sorted; `nil` when it is none.
  public static func contents(of folder: String) -> [String]? {
    guard let directory = opendir(folder) else { return nil }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// A file's bytes; `nil` when it cannot be read.
  static func bytes(of path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &block, block.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { return bytes }
      bytes += block[..<count]
    }
  }

  /// The folder that a path names something in.
  public static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return path == "." ? ".." : "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Removes a file, or a folder with all that is in it. What is already gone is no concern.
  public static func remove(_ path: String) {
    var information = stat()
    guard lstat(path, &information) == 0 else { return }
    if information.st_mode & S_IFMT == S_IFDIR {
      for name in contents(of: path) ?? [] { remove(path + "/" + name) }
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}
