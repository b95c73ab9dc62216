import Foundation
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Names that try to command the terminal, wherever a name can come from.
@Suite struct `Names with control characters` {
  /// A title, a colour, a clear screen, a line of its own, and a turn of the writing direction.
  static let name = "\u{1b}]0;t\u{7}\u{9b}31m\u{1b}[2J\u{202e}\u{7f}|x\r\ny"

  private static func quoted(_ cell: String) -> String {
    "\"\(cell.replacing("\"", with: "\"\""))\""
  }

  /// A table whose column, category and one class have the name.
  private static let table =
    "n,\(quoted(name)),class\n"
    + (0..<40).map { row in
      "\(row * 7 % 13),\(quoted(row % 3 == 0 ? name : "b")),\(row % 2 == 0 ? quoted(name) : "c")\n"
    }.joined()

  private static let long = String(repeating: "many ", count: 200_000) + name

  /// Arguments of each program with the name in all places.
  static let arguments: [[String]] = {
    let run = ["--data", "t.csv", "--target", "class", "--models", "GaussianNB"]
    return [
      [name], ["--\(name)"], ["--seed", name], ["--seed=\(name)"], ["-\(name)"],
      ["--data", name], ["--data", String(long.suffix(100_000))],
      ["--target", name, "--data", "t.csv"],
      ["--models", name], ["--set", "GaussianNB.\(name)=1"], ["--set", name], ["--format", name],
      ["--sort-by", name], ["--resume", name], ["--classes", name],
      ["--drop", name, "--data", "t.csv"],
      ["--data", "number.csv", "--target", "class"], ["--data", "long.csv", "--target", "class"],
      ["--data", "one.csv", "--target", "class"], ["--data", "twice.csv", "--target", "class"],
      run + ["--output", "run"], run + ["--format", "markdown", "--output", "run-2"],
      run + ["--cross-validate", "2", "--output", "o\(name)"],
      ["sweep", "--grid", name], ["sweep", "--set", "GaussianNB.\(name)=1"], ["merge", name],
      ["compare", name, name], ["compare", "run", "run-2"], ["report", name], ["upload", name],
      ["register", name], ["predict", "--model", name, "--data", "t.csv"],
      ["predict", "--model", "run/GaussianNB", "--output", "o.csv", "--data", name],
      ["predict", "--model", "run/GaussianNB", "--output", "o.csv", "--data", "unknown.csv"],
      ["predict", "--model", "run/GaussianNB", "--output", "o.csv", "--data", "number.csv"],
      ["help", name],
    ]
  }()

  private static func files() -> TemporaryFolder {
    let folder = TemporaryFolder()
    folder.write(table, to: "t.csv")
    let numbers = (0..<40).map { "\($0),b,c\n" }.joined()
    let header = "n,\(quoted(name)),class\n"
    folder.write(header + numbers + "\(quoted(name)),b,c\n", to: "number.csv")
    folder.write(header + numbers + "\(quoted(long)),b,c\n", to: "long.csv")
    folder.write(header + "1,b,\(quoted(name))\n2,b,\(quoted(name))\n", to: "one.csv")
    folder.write(
      "\(quoted(name)),\(quoted(name)),class\n1,2,a\n2,3,b\n", to: "twice.csv")
    folder.write(header + "1,\(quoted("?" + name)),c\n", to: "unknown.csv")
    return folder
  }

  /// Lines have no control characters, and those of an error are short.
  private static func check(_ outcome: Program.Outcome, _ arguments: [String]) {
    let shown = arguments.map { String($0.debugDescription.prefix(100)) }
    for text in [outcome.output, outcome.errors] {
      let controls = text.unicodeScalars.filter {
        $0 != "\n"
          && ($0.properties.generalCategory == .control || $0.properties.isBidiControl
            || ["\u{2028}", "\u{2029}"].contains($0))
      }
      #expect(controls.isEmpty, "\(shown)")
    }
    #expect(outcome.status != 70 && outcome.status < 128, "\(shown): \(outcome.errors)")
    for line in outcome.errorLines { #expect(line.count <= 500, "\(shown)") }
    // Notices may stand before an error.
    let failures = outcome.errorLines.count { $0.contains(": error: ") }
    #expect(failures == (outcome.status == 0 ? 0 : 1), "\(shown): \(outcome.errors)")
  }

  @Test func `names of every kind are shown escaped, on short lines`() throws {
    let folder = Self.files()
    var shown = 0
    for arguments in Self.arguments {
      let outcome = try Program.run(arguments, in: folder)
      Self.check(outcome, arguments)
      if (outcome.output + outcome.errors).contains("\\u{9b}31m\\u{1b}[2J\\u{202e}") { shown += 1 }
    }
    // Others say what is wrong without the name.
    #expect(shown > Self.arguments.count * 3 / 4)
  }

  @Test func `a model's card shows names escaped`() throws {
    let folder = Self.files()
    folder.write(
      "n,\(Self.quoted(Self.name))\n" + (0..<40).map { "\($0),c\($0 % 2)\n" }.joined(),
      to: "target.csv")
    for (table, target, shown) in [
      ("t.csv", "class", "class"), ("target.csv", Self.name, "'\\u{1b}]0;t\\u{7}\\u{9b}31m"),
    ] {
      let outcome = try Program.run(
        [
          "--data", table, "--target", target, "--models", "GaussianNB", "--output", table + ".run",
        ],
        in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let card = try #require(folder.text(table + ".run/GaussianNB/model-card.md"))
      #expect(card.contains("compare-models --data \(table) --target \(shown)"))
      #expect(
        !card.unicodeScalars.contains {
          $0 != "\n" && ($0.properties.generalCategory == .control || $0.properties.isBidiControl)
        })
    }
  }

  @Test func `the other programs show names escaped, too`() throws {
    let folder = TemporaryFolder()
    for (program, arguments) in [
      ("get-models", ["--\(Self.name)"]), ("get-models", ["--version", Self.name]),
      ("get-models", [Self.name]), ("diamonds-prediction", ["--\(Self.name)"]),
      ("diamonds-prediction", ["--models", Self.name]),
      ("diamonds-prediction", ["--port", Self.name]),
    ] {
      let outcome = try Program(
        arguments, in: folder, program: program,
        variables: ["COMET_API_KEY": "0123456789abcdef0123456789abcdef"]
      ).outcome()
      Self.check(outcome, [program] + arguments)
      #expect(outcome.status != 0)
    }
  }

  @Test func `what programs read is exact in a file, and escaped on a terminal`() throws {
    let folder = Self.files()
    let fit = ["--data", "t.csv", "--target", "class", "--models", "GaussianNB", "--output", "run"]
    #expect(try Program.run(fit, in: folder).status == 0)
    // A terminal holds no more than 4 KB for somebody who does not read.
    let few = Self.table.split(separator: "\n").prefix(4).joined(separator: "\n")
    folder.write(few + "\n", to: "few.csv")
    let predict = ["predict", "--model", "run/GaussianNB", "--data", "few.csv"]
    let exact = try Program.run(predict, in: folder)
    #expect(exact.output.contains(Self.quoted(Self.name)))
    let terminal = try Terminal()
    let outcome = try Program(predict, in: folder, output: terminal.path).outcome()
    #expect(outcome.status == 0, "\(outcome.errors)")
    let text = terminal.text()
    #expect(text.contains("\\u{1b}]0;t\\u{7}\\u{9b}31m"))
    #expect(!text.unicodeScalars.contains { $0.value == 0x1b || $0.value == 0x9b || $0.value == 7 })
  }
}

/// A terminal that nobody sits at.
private final class Terminal {
  let path: String
  private let master: Int32
  private let slave: Int32

  init() throws {
    #if canImport(Darwin)
      master = posix_openpt(O_RDWR | O_NOCTTY)
      try #require(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0)
      path = String(cString: try #require(ptsname(master)))
    #else
      // Glibc's headers show those functions to programs alone that ask for them.
      master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
      var (lock, number): (Int32, UInt32) = (0, 0)
      let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
      try #require(
        master >= 0 && ioctl(master, setLock, &lock) == 0 && ioctl(master, getNumber, &number) == 0)
      path = "/dev/pts/\(number)"
    #endif
    // What is written stays until it is read, as long as somebody has the other end open.
    slave = open(path, O_RDWR | O_NOCTTY)
  }

  deinit {
    close(master)
    close(slave)
  }

  /// What was written; as much as a terminal holds back.
  func text() -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
    while case let count = read(master, &buffer, buffer.count), count > 0 {
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
