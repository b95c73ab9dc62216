import Foundation
import TestSupport

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The built program, run in a folder.
final class Program {
  /// What a finished process left.
  struct Outcome {
    /// The exit status, or 128 and the number of the signal that ended the process.
    let status: Int32
    let output: String
    let errors: String

    var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
  }

  private let process = Process()
  private let folder: String
  private let errorFile: String
  private let outputFile: String

  /// Starts the program; what it writes is kept in files, so that no pipe can fill up.
  ///
  /// - Parameters:
  ///   - program: the name of the product.
  ///   - input: a file to take for standard input.
  ///   - output: a file to take for standard output.
  ///   - variables: environment variables to set; none of Comet's comes from the tests' own environment.
  init(
    _ arguments: [String], in folder: TemporaryFolder, program: String = "compare-models",
    input: String? = nil, output: String? = nil, variables: [String: String] = [:]
  ) throws {
    self.folder = folder.path
    // Several may run in one folder.
    let number = UInt64.random(in: 0...UInt64.max)
    errorFile = ".errors-\(number)"
    outputFile = ".output-\(number)"
    process.executableURL = URL(filePath: Self.path(of: program))
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder.path)
    folder.write("", to: outputFile)
    folder.write("", to: errorFile)
    let place = URL(filePath: folder.path)
    process.standardOutput = try FileHandle(
      forWritingTo: output.map { URL(filePath: $0) } ?? place.appending(path: outputFile))
    process.standardError = try FileHandle(
      forWritingTo: place.appending(path: errorFile))
    process.standardInput =
      try input.map { try FileHandle(forReadingFrom: URL(filePath: $0)) } ?? FileHandle.nullDevice
    var environment = ProcessInfo.processInfo.environment
    for name in environment.keys where name.hasPrefix("COMET_") { environment[name] = nil }
    process.environment = environment.merging(variables) { $1 }
    // Tests run on threads that block signals, which a child inherits; a shell starts it without.
    var signals = sigset_t()
    var before = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try process.run()
  }

  /// Runs the program and waits for its end.
  static func run(
    _ arguments: [String], in folder: TemporaryFolder, input: String? = nil,
    output: String? = nil, variables: [String: String] = [:]
  ) throws -> Outcome {
    try Program(arguments, in: folder, input: input, output: output, variables: variables).outcome()
  }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Waits until the program has come to a moment that can be seen, such as a file that is there: unlike
  /// a time, it is the same moment on every machine.
  ///
  /// - Returns: whether the program was still running then.
  @discardableResult func wait(until isReached: () throws -> Bool) rethrows -> Bool {
    while process.isRunning {
      if try isReached() { return true }
      usleep(1000)
    }
    return false
  }

  /// Waits for the end.
  func outcome() -> Outcome {
    process.waitUntilExit()
    let isSignal = process.terminationReason == .uncaughtSignal
    defer { for name in [outputFile, errorFile] { unlink(folder + "/" + name) } }
    return Outcome(
      status: process.terminationStatus + (isSignal ? 128 : 0),
      output: text(outputFile), errors: text(errorFile))
  }

  private func text(_ name: String) -> String {
    String(decoding: readFile(folder + "/" + name) ?? [], as: UTF8.self)
  }

  /// The program is built beside the bundle of tests.
  static func path(of program: String) -> String {
    let bundle = URL(filePath: CommandLine.arguments[0])
    let places = [bundle, bundle.deletingLastPathComponent()].map {
      $0.deletingLastPathComponent().appending(path: program).path()
    }
    return places.first { access($0, X_OK) == 0 } ?? places[0]
  }
}

extension TemporaryFolder {
  /// Writes a table `counted.csv` with the target `t`, sorted by it, whose column `n` counts the rows.
  func writeCounted() {
    let rows = (0..<60).map { "\($0 + 1),\($0 * 37 % 23),\($0 < 33 ? "a" : "b")\n" }
    write("n,x,t\n" + rows.joined(), to: "counted.csv")
  }

  /// Writes the header and the first rows of the diamonds.
  @discardableResult func writeDiamonds(_ rows: Int, to name: String = "diamonds.csv") -> String {
    let lines = String(decoding: readFile(RepositoryFiles.diamonds) ?? [], as: UTF8.self)
      .split(separator: "\n", maxSplits: rows + 1).prefix(rows + 1)
    return write(lines.joined(separator: "\n") + "\n", to: name)
  }
}
