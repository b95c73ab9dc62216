import ArgumentParser

/// The program: a comparison when no other command is named.
@main
struct CompareModels: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "compare-models",
    abstract: "Trains four classifiers on a table and compares them on the same held-out rows.",
    version: version,
    subcommands: [RunComparison.self],
    defaultSubcommand: RunComparison.self)

  static func main() {
    // A comparison is what the program is for, so its options are the program's own help.
    if ["--help", "-h"].contains(CommandLine.arguments.dropFirst().joined(separator: " ")) {
      print(helpMessage(for: RunComparison.self))
    } else {
      main(nil)
    }
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
