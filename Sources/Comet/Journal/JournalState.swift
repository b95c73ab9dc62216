import JSON

/// What the lines of a journal say together.
struct JournalState {
  /// Where in the file each event's line is; memory does not grow with what the events say.
  private(set) var lines: [Range<Int>] = []
  private(set) var taken: [Bool] = []
  private(set) var tagsAreTaken = false
  private(set) var takenCount = 0
  var created: CreatedExperiment?
  var end: ExperimentEnd?
  var isTimed = false
  var isFinished = false
  /// The number of bytes of all whole lines.
  var size: Int

  init(size: Int) { self.size = size }

  /// Reads a journal, up to the end of its last whole line.
  static func read(
    _ bytes: [UInt8], _ path: String
  ) throws(JournalError) -> (OfflineExperiment, JournalState) {
    var experiment: OfflineExperiment?
    var state = JournalState(size: 0)
    var number = 0
    while let end = bytes[state.size...].firstIndex(of: UInt8(ascii: "\n")) {
      number += 1
      do throws(JSONError) {
        let line = try JSONValue(parsing: bytes[state.size..<end])
        let type = try line.requiredText("type")
        let payload = try line.required("payload")
        if experiment != nil {
          try state.take(type, payload, state.size..<end)
        } else if type == "experiment" {
          experiment = try OfflineExperiment(payload)
        } else {
          throw JSONError(.value("type"), problem: "expected an experiment")
        }
      } catch {
        throw JournalError(.damaged, path, "line \(number) is not a line of a journal: \(error)")
      }
      state.size = end + 1
    }
    guard let experiment else {
      throw JournalError(.empty, path, "nothing was recorded: its first line is incomplete")
    }
    return (experiment, state)
  }

  /// Takes a line after the first into account.
  private mutating func take(
    _ type: String, _ payload: JSONValue, _ place: Range<Int>
  ) throws(JSONError) {
    switch type {
    case "created":
      created = CreatedExperiment(
        key: try payload.requiredText("experimentKey"), link: payload["link"]?.text)
    case "taken":
      guard let number = payload.wholeNumber, 0...lines.count ~= number else {
        throw JSONError(.value("payload"), problem: "there is no such event")
      }
      markTaken(number)
    case "end":
      end = ExperimentEnd(
        startTime: payload["start_time"]?.wholeNumber,
        time: try payload.requiredInteger("stop_time"),
        hasCrashed: payload["crashed"]?.truth ?? false)
    case "timed": isTimed = true
    case "finished": isFinished = true
    default: addEvent(place)
    }
  }

  mutating func addEvent(_ place: Range<Int>) {
    withdrawEnd()
    lines.append(place)
    taken.append(false)
  }

  /// - Parameter number: an event's, or 0 for the tags.
  mutating func markTaken(_ number: Int) {
    if number == 0 {
      tagsAreTaken = true
    } else if !taken[number - 1] {
      taken[number - 1] = true
      takenCount += 1
    }
  }

  /// More is logged, so Comet will be told of another end.
  mutating func withdrawEnd() {
    end = nil
    isTimed = false
  }
}
