import Comet
import Support

/// The folder with the journals that Comet does not have yet.
///
/// It has the same name as in run folders, so `compare-models upload` accepts its parent folder.
struct JournalFolder: Sendable {
  /// The folder that it is in, from which paths of assets start.
  let parent: String
  /// The most bytes of all journals together before another one is begun.
  let byteLimit: Int

  private var path: String { parent + "/" + PendingExperiment.folderName }

  /// The paths of all journals, the oldest first.
  var journals: [String] {
    ((try? Files.contents(of: path)) ?? []).filter { $0.hasSuffix(".jsonl") }.map {
      path + "/" + $0
    }
  }

  /// A new journal, named by its time.
  func begin(_ experiment: OfflineExperiment) throws(JournalError) -> ExperimentJournal {
    // If the folder cannot be created, the journal's own error says why.
    _ = try? Files.createFolder(path)
    let name = "\(experiment.startTime)-\(experiment.id.prefix(8)).jsonl"
    return try ExperimentJournal(creating: path + "/" + name, experiment: experiment)
  }

  /// Removes a journal.
  func remove(_ path: String) { Files.remove(path) }

  /// Removes the oldest journals until the others are within the limit.
  ///
  /// - Parameter spared: paths of journals that are being written or sent.
  /// - Returns: the paths of the removed journals.
  func makeRoom(sparing spared: Set<String>) -> [String] {
    let sizes = journals.map { (path: $0, size: Files.size($0) ?? 0) }
    var total = sizes.reduce(0) { $0 + $1.size }
    var removed: [String] = []
    for journal in sizes where total > byteLimit && !spared.contains(journal.path) {
      remove(journal.path)
      total -= journal.size
      removed.append(journal.path)
    }
    return removed
  }
}
