import Comet
import Dispatch
import Support

/// The journals of a run folder's experiments, each named by its experiment.
struct RunJournals {
  /// The run folder, at which the paths of assets begin.
  let folder: String
  let destination: CometDestination

  /// The folder that the journals are in.
  var path: String { folder + "/" + PendingExperiment.folderName }

  /// The journal of an experiment: the one that a stopped run left, so that what follows is logged in the
  /// same experiment, else a new one.
  func open(_ name: String, now: Int) throws(JournalError) -> ExperimentJournal {
    let (last, unused) = paths(name)
    if let last, let journal = try left(last) { return journal }
    return try ExperimentJournal(
      creating: unused,
      experiment: OfflineExperiment(
        workspace: destination.workspace, project: destination.project, name: name, tags: [name],
        startTime: now))
  }

  /// The journal that a stopped run left; `nil` where Comet has all of it, or it cannot be read: then it
  /// stays as it is.
  private func left(_ path: String) throws(JournalError) -> ExperimentJournal? {
    do throws(JournalError) {
      let journal = try ExperimentJournal(continuing: path)
      // Its archive would lack what follows.
      Files.remove(archive(of: journal))
      return journal
    } catch {
      switch error.kind {
      case .empty:
        Files.remove(path)
        return nil
      case .damaged, .finished, .missing: return nil
      case .inUse, .cannotCreate, .cannotWrite: throw error
      }
    }
  }

  /// The last of an experiment's journals, and the first name that none of them has.
  private func paths(_ name: String) -> (last: String?, unused: String) {
    var last: String?
    var next = "\(path)/\(name).jsonl"
    var number = 2
    while Files.exists(next) {
      last = next
      next = "\(path)/\(name)-\(number).jsonl"
      number += 1
    }
    return (last, next)
  }

  private func archive(of journal: ExperimentJournal) -> String {
    path + "/" + OfflineArchive.name(for: journal)
  }

  /// Writes what Comet has not taken into archives.
  func writeArchives(of journals: [ExperimentJournal]) throws {
    let errors = Mutex<[any Error]>([])
    // Copying files takes most of the time, and two can be copied at once.
    DispatchQueue.concurrentPerform(iterations: journals.count) { index in
      do {
        let journal = journals[index]
        try OfflineArchive.write(journal, folder: folder, to: archive(of: journal))
      } catch {
        errors.withLock { $0.append(error) }
      }
    }
    if let error = errors.withLock({ $0.first }) { throw error }
  }
}
