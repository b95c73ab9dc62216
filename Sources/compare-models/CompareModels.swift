import ArgumentParser
import LinearAlgebra
import ModelFiles
import ProgramStart

/// The program: a comparison when no other command is named.
@main
struct CompareModels: RootCommand {
  static let version = ProgramVersion.current
  /// What servers are told of the program.
  static let userAgent = "compare-models/\(version)"

  static let configuration = CommandConfiguration(
    commandName: "compare-models",
    abstract: "Trains classifiers on a table and compares them on the same test rows.",
    version: version,
    subcommands: [
      RunComparison.self, CompareRuns.self, Upload.self, Register.self, Predict.self,
      Evaluate.self, Reproduce.self, Export.self, ReportCommand.self, Sweep.self, Merge.self,
    ],
    defaultSubcommand: RunComparison.self)

  static func main() {
    HeapArenas.share(threads: Parallelism.availableThreads)
    BLAS.prepare()
    if Set(CommandLine.arguments.dropFirst()) == ["--version", "--verbose"] {
      print("\(version)\nOpenBLAS \(BLAS.version)")
    } else {
      start()
    }
  }
}
