import Comet
import Support

/// The folder that journals are kept in until Comet has them.
///
/// Its name is that of a run folder's, so `compare-models upload` takes the folder around it.
struct JournalFolder: Sendable {
  /// The folder around it, which paths of assets would begin at.
  let parent: String
  /// The most bytes that all journals may have before another one is begun.
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
    // Where they are there already, or cannot be made, the journal's own error says all.
    _ = try? Files.createFolder(path)
    let name = "\(experiment.startTime)-\(experiment.id.prefix(8)).jsonl"
    return try ExperimentJournal(creating: path + "/" + name, experiment: experiment)
  }

  /// Removes a journal.
  func remove(_ path: String) { Files.remove(path) }

  /// Removes the oldest journals until all have no more bytes than they may.
  ///
  /// - Parameter spared: paths of those that are being written or sent.
  /// - Returns: the paths of what was removed.
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
