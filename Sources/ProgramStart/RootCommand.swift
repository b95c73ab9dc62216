public import ArgumentParser
import Support

/// The command that is a program: it begins with the arguments and ends with an exit status, and what
/// goes wrong between them is one line on standard error.
public protocol RootCommand: ParsableCommand {}

extension RootCommand {
  /// What the program is called.
  public static var name: String { configuration.commandName ?? "" }

  /// Tells of something that does not end the program.
  public static func warn(_ text: String) { StandardError.write("\(name): warning: \(text)") }

  /// Reads the arguments and runs the command that they ask for.
  ///
  /// - Parameter arguments: those that the process was started with where it is `nil`.
  public static func start(_ arguments: [String]? = nil) {
    do {
      var command = parsed(arguments)
      try command.run()
    } catch {
      end(with: error)
    }
  }

  /// Reads the arguments and runs the command that they ask for, which may be asynchronous.
  ///
  /// - Parameter arguments: those that the process was started with where it is `nil`.
  public static func start(_ arguments: [String]? = nil) async {
    do {
      var command = parsed(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      end(with: error)
    }
  }

  private static func parsed(_ arguments: [String]?) -> any ParsableCommand {
    let arguments = arguments ?? Array(CommandLine.arguments.dropFirst())
    do {
      if [["--help"], ["-h"]].contains(arguments), let usual = configuration.defaultSubcommand {
        throw CleanExit.message(help(of: usual))
      }
      return try parseAsRoot(arguments)
    } catch {
      // Help and the version are no mistakes; whatever else reading the arguments throws is one.
      if exitCode(for: error) == .success { exit(withError: error) }
      let line =
        message(for: error).split(separator: "\n").joined(separator: " ")
        + adviceOnDash(message(for: error), arguments)
      let isSentence = line.last.map { ".?".contains($0) } == true
      end(with: "\(line)\(isSentence ? "" : ".") See \(name) --help.", status: 64)
    }
  }

  /// The help of a program that does `usual` where no command is named: the options of that command are the
  /// program's own, and the other commands are named below them.
  static func help(of usual: any ParsableCommand.Type) -> String {
    let others = configuration.subcommands.filter { $0 != usual }
    let names = others.map { $0._commandName }
    let width = names.map(\.count).max() ?? 0
    let lines = zip(others, names).map { command, name in
      "  \(name)\(String(repeating: " ", count: width - name.count))  "
        + command.configuration.abstract
    }
    return helpMessage(for: usual) + "\n\nOTHER COMMANDS\n" + lines.joined(separator: "\n")
      + "\n\n  \(name) help COMMAND tells more of each."
  }

  /// How a value is given that begins with a dash, where it was taken for an option.
  private static func adviceOnDash(_ message: String, _ arguments: [String]) -> String {
    guard let option = message.wholeMatch(of: /Missing value for '(-[^ ']+).*/)?.1,
      let value = zip(arguments, arguments.dropFirst()).first(where: {
        $0 == option && $1.hasPrefix("-") && !$1.hasPrefix("--")
      })?.1
    else { return "" }
    return
      "; a value that begins with a dash is written \(ShellCommand.text(["\(option)=\(value)"]))"
  }

  private static func end(with error: any Error) -> Never {
    if exitCode(for: error) == .success { exit(withError: error) }
    if let told = error as? ToldFailure { exit(withError: ExitCode(told.exitStatus)) }
    let status =
      error is ValidationError ? 64 : (error as? any ExitStatusProviding)?.exitStatus ?? 70
    end(with: "\(error)", status: status)
  }

  /// - Parameter status: one of `sysexits.h`.
  private static func end(with message: String, status: Int32) -> Never {
    StandardError.write("\(name): error: \(message)")
    exit(withError: ExitCode(status))
  }
}
