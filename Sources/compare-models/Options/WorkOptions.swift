import ArgumentParser
import Classifiers

/// How the work is done; none of it changes a result.
struct WorkOptions: ParsableArguments {
  @Option(help: "How many threads may work; results do not depend on it. (default: all cores)")
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
  }

  var threadCount: Int { threads ?? Parallelism.availableThreads }
}
