import ArgumentParser
import Comparison

/// Going on with a stopped run.
enum Resumption {
  /// Options that may be given anew with `--resume`, and whether a value follows.
  private static let free = [
    "--resume": true, "--threads": true, "--time-budget": true, "--format": true, "--sort-by": true,
    "--quiet": false, "-q": false, "--verbose": false, "--register": false, "--stage": true,
    "--select-by": true, "--promote-if-better": false, "--registry-prefix": true,
  ]

  /// The command to carry out: as typed, or with the options that the run began with where nothing but
  /// the folder and the manner of work were typed.
  static func complete(
    _ command: RunComparison, at folder: RunFolder, typed: [String]
  ) throws -> RunComparison {
    let typed = typed.first == "run" ? Array(typed.dropFirst()) : typed
    guard without(Set(free.keys), typed).isEmpty else { return command }
    let begun = without(["--resume", "--output"], try folder.plan().arguments)
    return try RunComparison.parse(begun + typed)
  }

  /// The arguments without some options and their values.
  static func without(_ names: Set<String>, _ arguments: [String]) -> [String] {
    var kept: [String] = []
    var index = 0
    while index < arguments.count {
      let argument = arguments[index]
      let name = String(argument.prefix { $0 != "=" })
      index += 1
      guard names.contains(name) else {
        kept.append(argument)
        continue
      }
      if name == argument, free[name] ?? true { index += 1 }
    }
    return kept
  }
}
