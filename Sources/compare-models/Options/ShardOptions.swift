import ArgumentParser
import Comparison

/// Which part of a plan this process does.
struct ShardOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Run the I-th of N parts of about equal cost, such as 2/8. (default: the part of a Kubernetes "
        + "Indexed Job or a Slurm array, else everything)", valueName: "i/n"))
  var shard: String?

  func validate() throws { _ = try shard.map(Shard.init(option:)) }

  func part() throws -> SweepPart { try SweepPart(option: shard) }
}
