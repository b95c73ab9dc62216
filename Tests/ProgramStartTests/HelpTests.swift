import ArgumentParser
import Testing

@testable import ProgramStart

@Suite struct `The help of a program with a usual command` {
  private struct Measure: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Measures stones.")
    @Option(help: "The stone.") var stone: String?
  }

  private struct Weigh: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Weighs stones.")
  }

  private struct Sell: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "sell-all", abstract: "Sells stones.")
  }

  private struct Stones: RootCommand {
    static let configuration = CommandConfiguration(
      commandName: "stones", subcommands: [Measure.self, Weigh.self, Sell.self],
      defaultSubcommand: Measure.self)
  }

  /// Commands that do not name themselves were once listed without their names.
  @Test func `the help has the usual command's options, and the names of the others`() {
    let help = Stones.help(of: Measure.self)
    #expect(help.contains("--stone <stone>"))
    #expect(
      help.hasSuffix(
        """
        OTHER COMMANDS
          weigh     Weighs stones.
          sell-all  Sells stones.

          stones help COMMAND tells more of each.
        """), "\(help)")
  }
}
