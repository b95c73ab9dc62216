import Support

/// The part of a plan that this process does.
public struct SweepPart: Sendable {
  public let shard: Shard
  /// The scheduler's variable that says which it is; `nil` where no scheduler does.
  let source: String?

  /// - Parameter option: what `--shard` says; without it, the part that a scheduler gives, else the whole plan.
  public init(option: String?) throws {
    if let option {
      (shard, source) = (try Shard(option: option), nil)
    } else {
      (shard, source) = try SchedulerShard.current() ?? (.whole, nil)
    }
  }

  init(_ shard: Shard, source: String? = nil) {
    self.shard = shard
    self.source = source
  }

  /// Such as `shard 2/8 (SLURM_ARRAY_TASK_ID), `; nothing for the whole plan.
  var words: String {
    shard.count > 1 ? "shard \(shard)\(source.map { " (\($0))" } ?? ""), " : ""
  }
}

/// The part of a plan that a scheduler gives to this process.
enum SchedulerShard {
  /// The part, and the variable that says which it is; `nil` where no scheduler started the process.
  ///
  /// - Parameter value: what a variable has; the process's own unless told otherwise.
  static func current(
    _ value: (Setting) -> String? = \.value
  ) throws(ConfigurationError) -> (shard: Shard, source: String)? {
    func number(_ setting: Setting) throws(ConfigurationError) -> Int? {
      guard let text = value(setting), !text.isEmpty else { return nil }
      guard let number = Int(text), 0...1_000_000_000 ~= number else {
        throw ConfigurationError("\(setting.name) must be a whole number, was \"\(text)\"")
      }
      return number
    }
    func shard(
      _ index: Int, of count: Int, _ setting: Setting
    ) throws(ConfigurationError) -> (Shard, String) {
      guard let shard = Shard(index: index + 1, count: count) else {
        throw ConfigurationError(
          "\(setting.name) names part \(index + 1) of \(count); name the part with --shard I/N")
      }
      return (shard, setting.name)
    }
    if let index = try number(.jobCompletionIndex) {
      guard let count = try number(.jobCompletions) else {
        throw ConfigurationError(
          "JOB_COMPLETION_INDEX is set, JOB_COMPLETIONS is not: set it to the number of the Job's "
            + "completions, or name the part with --shard I/N")
      }
      return try shard(index, of: count, .jobCompletionIndex)
    }
    guard let task = try number(.slurmArrayTaskID) else { return nil }
    guard let count = try number(.slurmArrayTaskCount) else {
      throw ConfigurationError(
        "SLURM_ARRAY_TASK_ID is set, SLURM_ARRAY_TASK_COUNT is not; name the part with --shard I/N")
    }
    let step = max(1, try number(.slurmArrayTaskStep) ?? 1)
    let offset = task - (try number(.slurmArrayTaskMin) ?? 0)
    guard offset >= 0, offset % step == 0, offset / step < count else {
      throw ConfigurationError(
        "SLURM_ARRAY_TASK_ID \(task) is not one of \(count) tasks in a row: give --array as a range, or "
          + "name the part with --shard I/N")
    }
    return try shard(offset / step, of: count, .slurmArrayTaskID)
  }
}
