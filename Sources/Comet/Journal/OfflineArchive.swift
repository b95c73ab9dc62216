import JSON
import Support

/// Offline experiments of Comet's SDK: ZIP archives of `experiment.json`, `messages.json` and assets.
///
/// `comet upload` of comet_ml 3.58.8 takes them as they are.
public enum OfflineArchive {
  /// The name of a journal's archive: the key that Comet gave it, or the one it has here.
  public static func name(for journal: ExperimentJournal) -> String {
    (journal.created?.key ?? journal.experiment.id) + ".zip"
  }

  /// Writes what Comet has not taken of a journal.
  ///
  /// - Parameter folder: where the paths of assets begin.
  public static func write(
    _ journal: ExperimentJournal, folder: String, to path: String
  ) throws {
    var writer = try ZipWriter(path)
    var messages: [UInt8] = []
    var number = 0
    func add(_ event: ExperimentEvent) {
      number += 1
      event.line(number).write(to: &messages)
      messages.append(UInt8(ascii: "\n"))
    }
    if journal.created == nil, let name = journal.experiment.name {
      add(.other("Name", .string(name)))
    }
    var files: Set<String> = []
    var paths: [String] = []
    for index in 0..<journal.eventCount where !journal.isTaken(index + 1) {
      let line = try journal.line(index + 1)
      if let start = ExperimentEvent.unnumbered(line, index + 1) {
        number += 1
        messages += start
        messages += "\(number)}}\n".utf8
        continue
      }
      guard let event = try ExperimentEvent(line: JSONValue(parsing: line)) else { continue }
      switch event {
      case .systemDetails(let details): for part in details.split { add(part) }
      case .asset(_, let path, _):
        if files.insert(path).inserted { paths.append(path) }
        add(event)
      default: add(event)
      }
    }
    try writer.add(
      "experiment.json", .bytes(description(of: journal).bytes))
    try writer.add("messages.json", .bytes(messages))
    for path in paths {
      // A missing file must not prevent the rest from being sent.
      guard Files.isReadable(folder + "/" + path) else { continue }
      try writer.add(path, .file(folder + "/" + path))
    }
    try writer.close()
  }

  private static func description(of journal: ExperimentJournal) -> JSONValue {
    var experiment = journal.experiment
    // An experiment that Comet has is continued, one that it has not is made.
    if let created = journal.created { experiment.id = created.key }
    if journal.tagsAreTaken { experiment.tags = [] }
    experiment.startTime = journal.end?.startTime ?? experiment.startTime
    let stopTime = journal.end?.time ?? experiment.startTime
    let hasCrashed = journal.end?.hasCrashed ?? true
    return .object(
      experiment.members + [
        .init("stop_time", .integer(stopTime)),
        .init("resume_strategy", journal.created == nil ? "create" : "get"),
        .init("customer_error_reported", .boolean(hasCrashed)),
        .init("customer_error_message", hasCrashed ? "the run was interrupted" : .null),
        .init("user_provided_experiment_key", false),
        .init("comet_start_sourced", false),
      ])
  }

  /// The most that an archive's messages and each of its files may unpack to.
  private static let messagesLimit = 1 << 30
  private static let fileLimit = 8 << 30

  /// Makes a journal from an archive; it records what Comet takes of it.
  ///
  /// - Parameter path: where the journal goes.
  /// - Returns: the journal, and how many messages of each kind were skipped.
  static func journal(
    of archive: ZipReader, at path: String
  ) throws -> (journal: ExperimentJournal, skipped: [String: Int]) {
    let text = try archive.bytes(of: "experiment.json", limit: 1 << 20)
    let description: JSONValue
    let experiment: OfflineExperiment
    do {
      description = try JSONValue(parsing: text)
      experiment = try OfflineExperiment(description)
    } catch {
      throw JournalError(.damaged, archive.path, "experiment.json: \(error)")
    }
    var events: [ExperimentEvent] = []
    var skipped: [String: Int] = [:]
    let messages = try archive.bytes(of: "messages.json", limit: messagesLimit)
    for (index, line) in messages.split(separator: UInt8(ascii: "\n")).enumerated() {
      do {
        let message = try JSONValue(parsing: line)
        if let event = try ExperimentEvent(line: message) {
          events.append(event)
        } else {
          skipped[message["type"]?.text ?? "?", default: 0] += 1
        }
      } catch {
        throw JournalError(.damaged, archive.path, "messages.json:\(index + 1): \(error)")
      }
    }
    // Under another name until it is whole: half a journal would look like all of it.
    let partial = path + ".partial"
    Files.remove(partial)
    do {
      let journal = try ExperimentJournal(creating: partial, experiment: experiment)
      if description["resume_strategy"]?.text == "get" {
        try journal.recordCreation(CreatedExperiment(key: experiment.id, link: nil))
      }
      try journal.append(events)
      try journal.recordEnd(
        ExperimentEnd(
          time: description["stop_time"]?.wholeNumber ?? experiment.startTime,
          hasCrashed: description["customer_error_reported"]?.truth ?? false))
    }
    try Files.move(partial, to: path)
    return (try ExperimentJournal(opening: path), skipped)
  }

  /// Unpacks those assets of a journal that are still to be sent.
  static func unpackAssets(
    of archive: ZipReader, for journal: ExperimentJournal, into folder: String
  ) throws {
    var unpacked: Set<String> = []
    for number in 1...max(1, journal.eventCount) where number <= journal.eventCount {
      guard !journal.isTaken(number), case .asset(_, let path, _)? = try journal.event(number),
        unpacked.insert(path).inserted, archive.names.contains(path)
      else { continue }
      guard isSafe(path) else {
        throw JournalError(
          .damaged, archive.path, "\(path): a path that leads out of the archive")
      }
      var parent = folder
      for part in path.split(separator: "/").dropLast() {
        parent += "/" + part
        try Files.createNewFolder(parent, isPrivate: true)
      }
      try archive.extract(path, to: folder + "/" + path, limit: fileLimit)
    }
  }

  private static func isSafe(_ path: String) -> Bool {
    !path.isEmpty && !path.hasPrefix("/") && !path.utf8.contains(0)
      && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
        !$0.isEmpty && $0 != "." && $0 != ".."
      }
  }
}
