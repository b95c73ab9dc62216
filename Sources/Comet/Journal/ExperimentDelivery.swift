/// An experiment on its way to Comet: what is to be sent next, and what was answered.
struct ExperimentDelivery {
  let journal: ExperimentJournal
  /// Where the paths of its assets begin.
  let folder: String
  private var tagsAreBegun: Bool
  private var timesAreBegun: Bool
  private var statusIsBegun = false
  /// The number of the next event to look at.
  private var nextEvent = 1
  private var underWay = 0
  /// Requests that Comet has answered well.
  private(set) var sentCount: Int
  private(set) var hasRefusals = false
  /// Comet would not make it.
  private var isImpossible = false

  init(_ journal: ExperimentJournal, folder: String) {
    self.journal = journal
    self.folder = folder
    tagsAreBegun = journal.tagsAreTaken || journal.experiment.tags.isEmpty
    timesAreBegun = journal.isTimed
    let others = [journal.created != nil, journal.tagsAreTaken, journal.isTimed]
    sentCount = journal.takenCount + others.count { $0 }
  }

  /// The number of all requests: its events, and those to make it, its tags, its times and its status.
  var requestCount: Int { journal.eventCount + (journal.experiment.tags.isEmpty ? 3 : 4) }

  enum Step {
    case creation
    case tags
    case event(Int)
    case times(ExperimentEnd)
    case status(ExperimentEnd)
  }

  /// A step that can begin now; it counts as under way from here on.
  mutating func nextStep() -> Step? {
    guard let step = findStep() else { return nil }
    underWay += 1
    return step
  }

  private mutating func findStep() -> Step? {
    guard !isImpossible else { return nil }
    guard journal.created != nil else { return underWay == 0 ? .creation : nil }
    if !tagsAreBegun {
      tagsAreBegun = true
      return .tags
    }
    while nextEvent <= journal.eventCount {
      defer { nextEvent += 1 }
      if !journal.isTaken(nextEvent) { return .event(nextEvent) }
    }
    guard let end = journal.end else { return nil }
    if !timesAreBegun {
      timesAreBegun = true
      return .times(end)
    }
    // Comet must hear last that the experiment is over.
    guard underWay == 0, !statusIsBegun else { return nil }
    statusIsBegun = true
    return .status(end)
  }

  /// Takes in how a step ended.
  mutating func settle(succeeded: Bool) {
    underWay -= 1
    if succeeded {
      sentCount += 1
    } else {
      hasRefusals = true
      // Without an experiment, there is nothing that could be sent.
      if journal.created == nil { isImpossible = true }
    }
  }
}
