import Comet
import Logging

/// Sends journals to Comet: the current one, and those of earlier processes one after the other.
///
/// Nothing here waits. When Comet cannot be reached, journals stay in the folder, and are tried again after twice as
/// many turns each time, at most after an hour.
struct JournalSender {
  private struct Delivery {
    let journal: ExperimentJournal
    /// `nil` between two attempts.
    var uploader: ExperimentUploader?
    var hasToldRefusals = false
    /// Whether nothing is left to do for it, at least for now.
    var isOver = false
  }

  private let folder: JournalFolder
  private let logger: Logger
  /// `nil` if nothing is to be sent, or Comet rejects the key.
  private var makeUploader: CometMonitor.MakeUploader?
  private var deliveries: [Delivery] = []
  /// The journals that this process does not try again.
  private var settled: Set<String> = []
  private var failureCount = 0
  /// The number of turns before the next attempt.
  private var pause = 0

  init(folder: JournalFolder, logger: Logger, makeUploader: CometMonitor.MakeUploader?) {
    self.folder = folder
    self.makeUploader = makeUploader
    self.logger = logger
  }

  /// Starts to send a journal that is being written.
  mutating func add(_ journal: ExperimentJournal) {
    deliveries.append(Delivery(journal: journal))
    start()
  }

  /// The paths of the journals that it has open.
  var paths: Set<String> { Set(deliveries.map(\.journal.path)) }

  /// Continues to send; called once a minute.
  mutating func turn() {
    review()
    if pause > 0 {
      pause -= 1
    } else if makeUploader != nil {
      takeUpOldest()
      start()
    }
  }

  /// Sends the latest lines of the open journals.
  func proceed() {
    for delivery in deliveries { delivery.uploader?.proceed() }
  }

  /// Whether no request is in progress.
  var isIdle: Bool { deliveries.allSatisfy { $0.uploader?.isIdle ?? true } }

  /// Stops sending.
  mutating func stop() {
    review()
    if deliveries.contains(where: { $0.uploader != nil }) {
      logger.warning(
        "Comet did not receive all monitoring data in time; the rest is kept and sent later",
        metadata: ["folder": "\(folder.parent)"])
    }
    for delivery in deliveries { delivery.uploader?.finish(within: 0) }
    deliveries = []
    makeUploader = nil
  }

  /// Checks the state of the deliveries.
  private mutating func review() {
    for index in deliveries.indices {
      var delivery = deliveries[index]
      if let uploader = delivery.uploader {
        uploader.proceed()
        // Asked before the failure: once idle, an uploader's failure does not change.
        let isIdle = uploader.isIdle
        if let failure = uploader.failure {
          fail(failure)
          delivery.uploader = nil
        } else if isIdle {
          failureCount = 0
          settle(&delivery, refusals: uploader.refusals.texts)
        }
        // Waits for the uploader's thread, but for no answer.
        if delivery.uploader == nil || delivery.isOver { uploader.finish(within: 0) }
      }
      // A complete journal that cannot be sent now is left for later.
      if delivery.uploader == nil, delivery.journal.end != nil { delivery.isOver = true }
      deliveries[index] = delivery
    }
    deliveries.removeAll(where: \.isOver)
  }

  /// Settles a delivery whose requests were all answered.
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
      "Comet rejected some monitoring data",
      metadata: ["journal": "\(path)", "error": "\(first)"])
  }

  private mutating func fail(_ error: any Error) {
    // Several deliveries fail for the same reason.
    guard makeUploader != nil, pause == 0 else { return }
    if let error = error as? CometError, error.kind != .refusedKey {
      pause = min(60, 1 << min(failureCount, 6))
      failureCount += 1
      logger.warning(
        "monitoring data cannot be sent to Comet now; it is kept and sent later",
        metadata: ["folder": "\(folder.parent)", "error": "\(error)"])
    } else {
      makeUploader = nil
      logger.warning(
        "monitoring data cannot be sent to Comet; it is kept for \"compare-models upload\" or the next start",
        metadata: ["folder": "\(folder.parent)", "error": "\(error)"])
    }
  }

  /// Opens the oldest journal that an earlier process left, or that could not be sent.
  private mutating func takeUpOldest() {
    guard !deliveries.contains(where: { $0.journal.end != nil }) else { return }
    let paths = paths
    for path in folder.journals where !paths.contains(path) && !settled.contains(path) {
      do {
        let found = try PendingExperiments(at: [path])
        if let problem = found.problems.first { throw problem }
        guard let journal = found.experiments.first?.journal else { continue }
        guard !journal.isFinished else {
          folder.remove(path)
          continue
        }
        deliveries.append(Delivery(journal: journal))
        return
      } catch let error as JournalError where error.kind == .inUse || error.kind == .missing {
        // Another process is sending it, or has just sent it.
        continue
      } catch {
        settled.insert(path)
        logger.warning("a monitoring journal cannot be sent", metadata: ["error": "\(error)"])
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
