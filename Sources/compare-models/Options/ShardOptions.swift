import ArgumentParser
import Comet
import Comparison
import Support

/// Which part of a plan this process does.
struct ShardOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Run the I-th of N parts of about equal cost, such as 2/8. (default: the part of a Kubernetes "
        + "Indexed Job or a Slurm array, else everything)", valueName: "i/n"))
  var shard: String?

  func validate() throws {
    guard let shard, Shard(parsing: shard) == nil else { return }
    throw ValidationError("--shard must be I/N with I from 1 to N, such as 2/8, was \"\(shard)\".")
  }

  /// The part, and the variable that says which it is.
  func choice() throws -> (shard: Shard, source: String?) {
    if let shard = shard.flatMap(Shard.init(parsing:)) { return (shard, nil) }
    guard let part = try SchedulerShard.current() else { return (.whole, nil) }
    return (part.shard, part.source)
  }
}
