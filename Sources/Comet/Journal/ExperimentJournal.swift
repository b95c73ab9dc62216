import JSON
import Support

/// What is logged to one experiment, line by line on disk before any of it is sent.
///
/// A journal is a file that only grows, of JSON objects with a `type` and a `payload`:
///
/// - `experiment`, the first line: workspace, project, name, tags, start;
/// - one line per event, as in the `messages.json` of an offline experiment of Comet's SDK;
/// - `created`: Comet has made the experiment, under this key;
/// - `taken`: Comet has taken the event with this number (events count from 1; 0 is the tags);
/// - `end`: nothing more will be logged; a later event withdraws it;
/// - `timed`: Comet knows when the experiment began and ended;
/// - `finished`: Comet has taken everything and knows that the experiment has ended.
///
/// Only complete lines count. An incomplete last line was being written when the process died; it was
/// never sent, and opening the journal removes it.
///
/// Assets are not copied: events name them by their path from the folder that the journal belongs to.
/// One process at a time has a journal; its lock goes with the process, however that ends.
public final class ExperimentJournal: Sendable {
  public let path: String
  public let experiment: OfflineExperiment
  private let file: OpenFile
  private let state: Mutex<JournalState>

  /// Begins a new journal.
  public init(creating path: String, experiment: OfflineExperiment) throws(JournalError) {
    self.path = path
    self.experiment = experiment
    let members =
      experiment.members + (experiment.name.map { [.init("name", .string($0))] } ?? [])
    let line = Self.line("experiment", .object(members))
    file = try JournalError.withFiles { () throws(FileError) in
      let file = try OpenFile(path, .createToAppend)
      // Nobody else knows a file that has just been made.
      _ = file.lock()
      try file.write(line)
      return file
    }
    state = Mutex(JournalState(size: line.count))
  }

  /// Opens a journal that an earlier process left.
  public init(opening path: String) throws(JournalError) {
    self.path = path
    let file = try JournalError.withFiles { () throws(FileError) in try OpenFile(path, .append) }
    guard file.lock() else {
      throw JournalError(
        .inUse, path, "another process is writing it; wait until it has ended")
    }
    let bytes = try JournalError.withFiles { () throws(FileError) in
      try file.read(at: 0, count: file.information.size)
    }
    let (experiment, state) = try JournalState.read(bytes, path)
    if state.size < bytes.count {
      try JournalError.withFiles { () throws(FileError) in try file.truncate(to: state.size) }
    }
    self.file = file
    self.experiment = experiment
    self.state = Mutex(state)
  }

  /// Opens a journal that an earlier process left, to log more in it.
  ///
  /// - Throws: ``JournalError`` of the kind `finished` where Comet has everything and was told so.
  public convenience init(continuing path: String) throws(JournalError) {
    try self.init(opening: path)
    guard !isFinished else {
      throw JournalError(.finished, path, "Comet already has all of it")
    }
    state.withLock { $0.withdrawEnd() }
  }

  // MARK: Writing

  /// Adds events, all in one piece.
  public func append(_ events: [ExperimentEvent]) throws(JournalError) {
    guard !events.isEmpty else { return }
    try state.withLock { state throws(JournalError) in
      var bytes: [UInt8] = []
      var lines: [Range<Int>] = []
      for event in events {
        let start = state.size + bytes.count
        event.line(state.lines.count + lines.count + 1).write(to: &bytes)
        lines.append(start..<state.size + bytes.count)
        bytes.append(UInt8(ascii: "\n"))
      }
      try write(bytes, &state)
      for line in lines { state.addEvent(line) }
    }
  }

  func recordCreation(_ created: CreatedExperiment) throws(JournalError) {
    let payload: JSONValue = [
      "experimentKey": .string(created.key), "link": .optional(created.link),
    ]
    try record("created", payload) { $0.created = created }
    // Without the key, a resend would make a second experiment.
    flush()
  }

  /// - Parameter number: an event's, or 0 for the tags.
  func recordTaken(_ number: Int) throws(JournalError) {
    try record("taken", .integer(number)) { $0.markTaken(number) }
  }

  /// Says that nothing more will be logged.
  public func recordEnd(_ end: ExperimentEnd) throws(JournalError) {
    let payload: JSONValue = [
      "start_time": .optional(end.startTime), "stop_time": .integer(end.time),
      "crashed": .boolean(end.hasCrashed),
    ]
    try record("end", payload) { $0.end = end }
  }

  func recordTimes() throws(JournalError) {
    try record("timed", .null) { $0.isTimed = true }
  }

  func recordFinish() throws(JournalError) {
    try record("finished", .null) { $0.isFinished = true }
  }

  /// Ends a journal that the death of its process left without an end, at the time of its last line.
  func recordCrash() throws(JournalError) {
    guard end == nil else { return }
    let time = (try? file.information.changed.milliseconds) ?? 0
    try recordEnd(ExperimentEnd(time: time, hasCrashed: true))
  }

  /// Brings everything to the disk itself, so that it outlives the machine. A disk that cannot do it
  /// loses at most what a power cut loses.
  public func flush() { try? file.flush() }

  private func record(
    _ type: String, _ payload: JSONValue, _ change: (inout JournalState) -> Void
  ) throws(JournalError) {
    try state.withLock { state throws(JournalError) in
      try write(Self.line(type, payload), &state)
      change(&state)
    }
  }

  private func write(_ bytes: [UInt8], _ state: inout JournalState) throws(JournalError) {
    try JournalError.withFiles { () throws(FileError) in
      do throws(FileError) {
        try file.write(bytes)
      } catch {
        // Half a line must not become the beginning of the next one.
        try? file.truncate(to: state.size)
        throw error
      }
    }
    state.size += bytes.count
  }

  private static func line(_ type: String, _ payload: JSONValue) -> [UInt8] {
    let line: JSONValue = ["type": .string(type), "payload": payload]
    return line.bytes + [UInt8(ascii: "\n")]
  }

  // MARK: Reading

  public var eventCount: Int { state.withLock(\.lines.count) }
  /// How many events Comet has taken.
  public var takenCount: Int { state.withLock(\.takenCount) }
  public var created: CreatedExperiment? { state.withLock(\.created) }
  public var end: ExperimentEnd? { state.withLock(\.end) }
  /// Whether Comet has everything.
  public var isFinished: Bool { state.withLock(\.isFinished) }
  var tagsAreTaken: Bool { state.withLock(\.tagsAreTaken) }
  /// Whether Comet knows when it began and ended.
  var isTimed: Bool { state.withLock(\.isTimed) }

  func isTaken(_ number: Int) -> Bool { state.withLock { $0.taken[number - 1] } }

  /// The line of an event, without its end.
  func line(_ number: Int) throws(JournalError) -> [UInt8] {
    let line = state.withLock { $0.lines[number - 1] }
    let bytes = try JournalError.withFiles { () throws(FileError) in
      try file.read(at: line.lowerBound, count: line.count)
    }
    guard bytes.count == line.count else { throw JournalError(.damaged, path, "it ends too early") }
    return bytes
  }

  /// Whether one of the events is a metric, with a name and a value that are sought.
  public func hasMetric(
    where isSought: (_ name: String, _ value: JSONValue) -> Bool = { _, _ in true }
  ) throws -> Bool {
    try hasEvent { event in
      if case .metric(let name, let value, _, _, _, _) = event {
        isSought(name, value)
      } else {
        false
      }
    }
  }

  /// Whether one of the events is a file at that path.
  public func hasAsset(at path: String) throws -> Bool {
    try hasEvent { event in
      if case .asset(_, let other, _) = event { other == path } else { false }
    }
  }

  private func hasEvent(where isSought: (ExperimentEvent) -> Bool) throws -> Bool {
    for number in 0..<eventCount {
      if let event = try event(number + 1), isSought(event) { return true }
    }
    return false
  }

  /// An event; `nil` for a kind that the REST API has no call for.
  func event(_ number: Int) throws -> ExperimentEvent? {
    try ExperimentEvent(line: JSONValue(parsing: try line(number)))
  }
}
