import ArgumentParser
import Comparison

/// Which trees of the random forest this process grows, where several grow it.
struct TreeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Grow only these trees of the random forest into --output, which all parts may share: I...J, "
        + "the I-th of N parts as I/N, or shard, the part of a Kubernetes Indexed Job or a Slurm array; "
        + "compare-models merge does everything else.", valueName: "trees"))
  var trees: TreePart?
}

/// Some of a forest's trees.
enum TreePart: ExpressibleByArgument, Hashable {
  /// Counted from 1.
  case numbers(ClosedRange<Int>)
  case shard(Shard)
  /// The part that the scheduler gives.
  case schedulerShard

  init?(argument: String) {
    if argument == "shard" {
      self = .schedulerShard
    } else if let shard = Shard(parsing: argument) {
      self = .shard(shard)
    } else {
      let ends = argument.split(separator: "...", omittingEmptySubsequences: false)
      guard ends.count == 2, let first = Int(ends[0]), let last = Int(ends[1]), first >= 1,
        first <= last
      else { return nil }
      self = .numbers(first...last)
    }
  }

  /// The trees' numbers, counted from 0.
  func numbers(of treeCount: Int) throws -> Range<Int> {
    switch self {
    case .numbers(let numbers):
      guard numbers.upperBound <= treeCount else {
        throw ValidationError(
          "--trees \(numbers.lowerBound)...\(numbers.upperBound): the forest has \(treeCount) trees "
            + "(RandomForest.n_estimators)")
      }
      return numbers.lowerBound - 1..<numbers.upperBound
    case .shard(let shard):
      return shard.range(of: repeatElement(1, count: treeCount))
    case .schedulerShard:
      guard let shard = try SchedulerShard.current()?.shard else {
        throw ValidationError(
          "--trees shard: no scheduler says which part this is; name it as I...J or I/N")
      }
      return shard.range(of: repeatElement(1, count: treeCount))
    }
  }
}
