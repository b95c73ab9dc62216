import Comet
import Logging

/// Sends journals to Comet: the one that grows, and one after the other those that were left.
///
/// Nothing here waits. When Comet cannot be reached, journals stay where they are, and are tried again
/// after twice as many turns each time, up to an hour of minutes.
struct JournalSender {
  private struct Delivery {
    let journal: ExperimentJournal
    /// `nil` between two attempts.
    var uploader: ExperimentUploader?
    var hasToldRefusals = false
    /// Whether nothing is left to be done for it, for now at least.
    var isOver = false
  }

  private let folder: JournalFolder
  private let logger: Logger
  /// `nil` where nothing shall be sent, or there is no use in it.
  private var makeUploader: CometMonitor.MakeUploader?
  private var deliveries: [Delivery] = []
  /// What this process does not try again.
  private var settled: Set<String> = []
  private var failureCount = 0
  /// How many turns are left before the next attempt.
  private var pause = 0

  init(folder: JournalFolder, logger: Logger, makeUploader: CometMonitor.MakeUploader?) {
    self.folder = folder
    self.makeUploader = makeUploader
    self.logger = logger
  }

  /// Takes up a journal that is being written.
  mutating func add(_ journal: ExperimentJournal) {
    deliveries.append(Delivery(journal: journal))
    start()
  }

  /// The paths of the journals that it has open.
  var paths: Set<String> { Set(deliveries.map(\.journal.path)) }

  /// Goes on with what there is, once a minute.
  mutating func turn() {
    review()
    if pause > 0 {
      pause -= 1
    } else if makeUploader != nil {
      takeUpOldest()
      start()
    }
  }

  /// Sends what has been logged last, without taking up anything else.
  func proceed() {
    for delivery in deliveries { delivery.uploader?.proceed() }
  }

  /// Whether nothing is under way, and nothing can be done about what is left.
  var isIdle: Bool { deliveries.allSatisfy { $0.uploader?.isIdle ?? true } }

  /// Sends nothing more.
  mutating func stop() {
    review()
    if deliveries.contains(where: { $0.uploader != nil }) {
      logger.warning(
        "Comet was too slow for all of monitoring; the rest is kept and sent later",
        metadata: ["folder": "\(folder.parent)"])
    }
    for delivery in deliveries { delivery.uploader?.finish(within: 0) }
    deliveries = []
    makeUploader = nil
  }

  /// Looks at what became of the deliveries.
  private mutating func review() {
    for index in deliveries.indices {
      var delivery = deliveries[index]
      if let uploader = delivery.uploader {
        uploader.proceed()
        // Asked first: whatever is there when nothing is under way is there to stay.
        let isIdle = uploader.isIdle
        if let failure = uploader.failure {
          fail(failure)
          delivery.uploader = nil
        } else if isIdle {
          failureCount = 0
          settle(&delivery, refusals: uploader.refusals.texts)
        }
        // Waits for no answer, but for the end of the thread that waited for them.
        if delivery.uploader == nil || delivery.isOver { uploader.finish(within: 0) }
      }
      // One that has ended and cannot be sent now is one that was left.
      if delivery.uploader == nil, delivery.journal.end != nil { delivery.isOver = true }
      deliveries[index] = delivery
    }
    deliveries.removeAll(where: \.isOver)
  }

  /// Takes note of a delivery of which everything was answered.
  private mutating func settle(_ delivery: inout Delivery, refusals: [String]) {
    let path = delivery.journal.path
    if delivery.journal.isFinished {
      folder.remove(path)
      delivery.isOver = true
    } else if delivery.journal.end != nil {
      settled.insert(path)
      delivery.isOver = true
    }
    guard let first = refusals.first, !delivery.hasToldRefusals else { return }
    delivery.hasToldRefusals = true
    logger.warning(
      "Comet did not take everything that monitoring logged",
      metadata: ["journal": "\(path)", "error": "\(first)"])
  }

  private mutating func fail(_ error: any Error) {
    // Several deliveries fail for the same reason.
    guard makeUploader != nil, pause == 0 else { return }
    if let error = error as? CometError, error.kind != .refusedKey {
      pause = min(60, 1 << min(failureCount, 6))
      failureCount += 1
      logger.warning(
        "Comet does not take what monitoring logs; it is kept and sent later",
        metadata: ["folder": "\(folder.parent)", "error": "\(error)"])
    } else {
      makeUploader = nil
      logger.warning(
        "Comet gets nothing of monitoring; it is kept for \"compare-models upload\" or a later start",
        metadata: ["folder": "\(folder.parent)", "error": "\(error)"])
    }
  }

  /// Opens the oldest journal that an earlier process has left, or that could not be sent.
  private mutating func takeUpOldest() {
    guard !deliveries.contains(where: { $0.journal.end != nil }) else { return }
    let paths = paths
    for path in folder.journals where !paths.contains(path) && !settled.contains(path) {
      do {
        var problem: JournalError?
        let found = try PendingExperiment.all(at: path) { problem = $0 }
        if let problem { throw problem }
        guard let journal = found.first?.journal else { continue }
        guard !journal.isFinished else {
          folder.remove(path)
          continue
        }
        deliveries.append(Delivery(journal: journal))
        return
      } catch let error as JournalError where error.kind == .inUse || error.kind == .missing {
        // Another process is at it, or was.
        continue
      } catch {
        settled.insert(path)
        logger.warning("a journal cannot be sent", metadata: ["error": "\(error)"])
      }
    }
  }

  /// Gives each delivery without one an uploader.
  private mutating func start() {
    guard pause == 0 else { return }
    for index in deliveries.indices where deliveries[index].uploader == nil {
      guard let makeUploader else { return }
      do {
        let uploader = try makeUploader()
        deliveries[index].uploader = uploader
        uploader.add(deliveries[index].journal, folder: folder.parent)
      } catch {
        fail(error)
      }
    }
  }
}
