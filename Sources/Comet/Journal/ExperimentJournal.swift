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
/// - `end`: nothing more will be logged; an event behind it takes it back;
/// - `timed`: Comet knows when the experiment began and ended;
/// - `finished`: Comet has taken everything and knows that the experiment has ended.
///
/// A line counts when its end is there. What stands behind the last such end was being written when the
/// process died; it was never sent, and opening the journal cuts it off.
///
/// Assets are not copied: events name them by their path from the folder that the journal belongs to.
public final class ExperimentJournal: Sendable {
  public let path: String
  public let experiment: OfflineExperiment
  private let file: JournalFile
  private let state: Mutex<State>

  struct State {
    /// Where each event's line is; memory does not grow with what the events say.
    var lines: [Line] = []
    var taken: [Bool] = []
    var tagsAreTaken = false
    var takenCount = 0
    var created: CreatedExperiment?
    var end: ExperimentEnd?
    var isTimed = false
    var isFinished = false
    var size = 0
  }

  struct Line {
    let offset: Int
    let count: Int
  }

  /// Begins a new journal.
  public init(creating path: String, experiment: OfflineExperiment) throws(JournalError) {
    self.path = path
    self.experiment = experiment
    file = try JournalFile(creating: path)
    let members =
      experiment.members + (experiment.name.map { [.init("name", .string($0))] } ?? [])
    let line = Self.line("experiment", .object(members))
    try file.append(line)
    state = Mutex(State(size: line.count))
  }

  /// Takes up a journal that a process has left.
  public init(opening path: String) throws(JournalError) {
    self.path = path
    file = try JournalFile(opening: path)
    let (experiment, state, kept) = try Self.read(file)
    if kept < file.size { try file.truncate(to: kept) }
    self.experiment = experiment
    self.state = Mutex(state)
  }

  /// Takes up a journal that a process has left, to log more in it.
  ///
  /// - Throws: ``JournalError`` of the kind `finished` where Comet has everything and was told so.
  public convenience init(continuing path: String) throws(JournalError) {
    try self.init(opening: path)
    guard !isFinished else {
      throw JournalError(.finished, path, "Comet has everything of it")
    }
    state.withLock { $0.takeEndBack() }
  }

  // MARK: Writing

  /// Adds events, all in one piece.
  public func append(_ events: [ExperimentEvent]) throws(JournalError) {
    guard !events.isEmpty else { return }
    try state.withLock { state throws(JournalError) in
      var bytes: [UInt8] = []
      var lines: [Line] = []
      for event in events {
        let start = bytes.count
        event.line(state.lines.count + lines.count + 1).write(to: &bytes)
        lines.append(Line(offset: state.size + start, count: bytes.count - start))
        bytes.append(UInt8(ascii: "\n"))
      }
      try write(bytes, &state)
      state.takeEndBack()
      state.lines += lines
      state.taken += lines.map { _ in false }
    }
  }

  func recordCreation(_ created: CreatedExperiment) throws(JournalError) {
    try state.withLock { state throws(JournalError) in
      try write(
        Self.line(
          "created", ["experimentKey": .string(created.key), "link": .optional(created.link)]),
        &state)
      state.created = created
    }
    // Without the key, a resend would make a second experiment.
    file.flush()
  }

  /// - Parameter number: an event's, or 0 for the tags.
  func recordTaken(_ number: Int) throws(JournalError) {
    try state.withLock { state throws(JournalError) in
      try write(Self.line("taken", .integer(number)), &state)
      state.markTaken(number)
    }
  }

  /// Says that nothing more will be logged.
  public func recordEnd(_ end: ExperimentEnd) throws(JournalError) {
    try state.withLock { state throws(JournalError) in
      let payload: JSONValue = [
        "start_time": .optional(end.startTime), "stop_time": .integer(end.time),
        "crashed": .boolean(end.hasCrashed),
      ]
      try write(Self.line("end", payload), &state)
      state.end = end
    }
  }

  func recordTimes() throws(JournalError) {
    try state.withLock { state throws(JournalError) in
      try write(Self.line("timed", .null), &state)
      state.isTimed = true
    }
  }

  func recordFinish() throws(JournalError) {
    try state.withLock { state throws(JournalError) in
      try write(Self.line("finished", .null), &state)
      state.isFinished = true
    }
  }

  /// Ends a journal that the death of its process left without an end, at the time of its last line.
  func recordCrash() throws(JournalError) {
    guard end == nil else { return }
    try recordEnd(ExperimentEnd(time: file.changeTime, hasCrashed: true))
  }

  /// Brings everything to the disk itself.
  public func flush() { file.flush() }

  private func write(_ bytes: [UInt8], _ state: inout State) throws(JournalError) {
    do throws(JournalError) {
      try file.append(bytes)
    } catch {
      // Half a line must not become the beginning of the next one.
      try? file.truncate(to: state.size)
      throw error
    }
    state.size += bytes.count
  }

  private static func line(_ type: String, _ payload: JSONValue) -> [UInt8] {
    var bytes: [UInt8] = []
    JSONValue.object([.init("type", .string(type)), .init("payload", payload)]).write(to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    return bytes
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
    return try file.read(at: line.offset, count: line.count)
  }

  /// Whether one of the events is a metric.
  public var hasMetrics: Bool {
    get throws {
      for number in 0..<eventCount {
        if case .metric = try event(number + 1) { return true }
      }
      return false
    }
  }

  /// An event; `nil` for a kind that the REST API has no call for.
  func event(_ number: Int) throws -> ExperimentEvent? {
    try ExperimentEvent(line: JSONValue(parsing: try line(number)))
  }

  private static func read(
    _ file: JournalFile
  ) throws(JournalError) -> (OfflineExperiment, State, kept: Int) {
    let bytes = try file.read(at: 0, count: file.size)
    var experiment: OfflineExperiment?
    var state = State()
    var start = 0
    var number = 0
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      number += 1
      do {
        let line = try JSONValue(parsing: bytes[start..<end])
        if experiment == nil {
          guard line["type"]?.text == "experiment", let payload = line["payload"] else {
            throw AnswerError(problem: "expected an experiment")
          }
          experiment = try OfflineExperiment(payload)
        } else {
          try state.take(line, Line(offset: start, count: end - start))
        }
      } catch {
        throw JournalError(
          .damaged, file.path, "line \(number) is no line of a journal: \(error)")
      }
      start = end + 1
    }
    guard let experiment else {
      throw JournalError(.empty, file.path, "nothing was recorded: its first line is not whole")
    }
    state.size = start
    return (experiment, state, start)
  }
}

extension ExperimentJournal.State {
  fileprivate mutating func markTaken(_ number: Int) {
    if number == 0 {
      tagsAreTaken = true
    } else if !taken[number - 1] {
      taken[number - 1] = true
      takenCount += 1
    }
  }

  /// Takes a line after the first into account.
  fileprivate mutating func take(_ line: JSONValue, _ place: ExperimentJournal.Line) throws {
    guard let type = line["type"]?.text, let payload = line["payload"] else {
      throw AnswerError(problem: "it has no type or no payload")
    }
    switch type {
    case "created":
      created = CreatedExperiment(
        key: try payload.requiredText("experimentKey"), link: payload["link"]?.text)
    case "taken":
      guard let number = payload.wholeNumber, 0...lines.count ~= number else {
        throw AnswerError(problem: "there is no such event")
      }
      markTaken(number)
    case "end":
      guard let time = payload["stop_time"]?.wholeNumber else {
        throw AnswerError(problem: "there is no stop_time")
      }
      end = ExperimentEnd(
        startTime: payload["start_time"]?.wholeNumber, time: time,
        hasCrashed: payload["crashed"]?.truth ?? false)
    case "timed": isTimed = true
    case "finished": isFinished = true
    default:
      takeEndBack()
      lines.append(place)
      taken.append(false)
    }
  }

  /// Something more is logged, and Comet is to be told of another end.
  fileprivate mutating func takeEndBack() {
    end = nil
    isTimed = false
  }
}
