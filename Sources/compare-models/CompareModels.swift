import ArgumentParser
import LinearAlgebra
import ModelFiles

/// The program: a comparison when no other command is named.
@main
struct CompareModels: ParsableCommand {
  static let version = ProgramVersion.current
  /// What servers are told of the program.
  static let userAgent = "compare-models/\(version)"

  static let configuration = CommandConfiguration(
    commandName: "compare-models",
    abstract: "Trains four classifiers on a table and compares them on the same held-out rows.",
    version: version,
    subcommands: [
      RunComparison.self, CompareRuns.self, Upload.self, Register.self, Predict.self,
      ReportCommand.self, Sweep.self, Merge.self,
    ],
    defaultSubcommand: RunComparison.self)

  static func main() {
    BLAS.useOneThread()
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments == ["--help"] || arguments == ["-h"] {
      print(help)
      return
    }
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch {
      // Help, the version, and failures that were told already, are not mistakes in the options.
      guard !(error is ExitCode), exitCode(for: error) == .validationFailure else {
        exit(withError: error)
      }
      let message = message(for: error).split(separator: "\n").joined(separator: " ")
      let end = message.last.map { ".?".contains($0) } == true ? "" : "."
      StandardError.write("compare-models: error: \(message)\(end) See compare-models --help.")
      exit(withError: ExitCode.validationFailure)
    }
  }

  /// A comparison is what the program is for, so its options are the program's own help; other
  /// commands are named below them.
  private static var help: String {
    let others = configuration.subcommands.filter { $0 != RunComparison.self }
    guard !others.isEmpty else { return helpMessage(for: RunComparison.self) }
    let names = others.map { $0.configuration.commandName ?? "" }
    let width = names.map(\.count).max() ?? 0
    let lines = zip(others, names).map { command, name in
      "  \(name)\(String(repeating: " ", count: width - name.count))  \(command.configuration.abstract)"
    }
    return helpMessage(for: RunComparison.self) + "\n\nOTHER COMMANDS\n"
      + lines.joined(separator: "\n") + "\n\n  compare-models help COMMAND tells more of each."
  }
}

/// A command whose errors are one line on standard error and an exit status by kind.
protocol ReportingCommand: ParsableCommand {
  func execute() throws
}

extension ReportingCommand {
  func run() throws {
    do {
      try execute()
    } catch let exit as ExitCode {
      throw exit
    } catch {
      let failure = Failure(error)
      StandardError.write("compare-models: error: \(failure.message)")
      throw ExitCode(failure.status)
    }
  }
}
