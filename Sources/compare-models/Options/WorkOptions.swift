import ArgumentParser
import Comparison
import LinearAlgebra
import Support

/// How the work is done; none of it changes a result that is there.
struct WorkOptions: ParsableArguments {
  @Option(help: "The number of threads; results do not depend on it. (default: all cores)")
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "Start no new fit after this time, such as 90, 60s, 5m or 2h, and list what was skipped. The "
        + "first fit always runs. (default: no limit)",
      valueName: "time"))
  var timeBudget: TimeLimit?

  @Flag(name: .shortAndLong, help: "Print only results, warnings and errors.")
  var quiet = false

  @Flag(help: "Print a line for each fit.")
  var verbose = false

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
    if quiet, verbose { throw ValidationError("--quiet and --verbose exclude each other.") }
  }

  var threadCount: Int { threads ?? Parallelism.availableThreads }

  var progress: ProgressDisplay {
    ProgressDisplay(quiet ? .quiet : verbose ? .verbose : .normal)
  }
}

extension TimeLimit: ExpressibleByArgument {}
