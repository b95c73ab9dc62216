import ArgumentParser
import LinearAlgebra
import ModelFiles
import ProgramStart
import Support

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
    BLAS.prepare()
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments == ["--help"] || arguments == ["-h"] {
      print(help)
      return
    }
    if Set(arguments) == ["--version", "--verbose"] {
      print("\(version)\nOpenBLAS \(BLAS.version)")
      return
    }
    start(arguments)
  }

  static func warn(_ text: String) { StandardError.write("\(name): warning: \(text)") }

  /// A comparison is what the program is for, so its options are the program's own help; other
  /// commands are named below them.
  private static var help: String {
    let others = configuration.subcommands.filter { $0 != RunComparison.self }
    let names = others.map { $0.configuration.commandName ?? "" }
    let width = names.map(\.count).max() ?? 0
    let lines = zip(others, names).map { command, name in
      "  \(name)\(String(repeating: " ", count: width - name.count))  \(command.configuration.abstract)"
    }
    return helpMessage(for: RunComparison.self) + "\n\nOTHER COMMANDS\n"
      + lines.joined(separator: "\n") + "\n\n  compare-models help COMMAND tells more of each."
  }
}
