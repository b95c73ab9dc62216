import Foundation
import TestSupport
import Testing

@Suite struct `Bad input to compare-models` {
  /// A file, options, and what the program must say and return.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    /// The file t.csv; none where it is missing.
    let file: String?
    var options: [String] = ["--target", "class"]
    let status: Int32
    let message: String

    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "a missing file", file: nil, status: 66,
      message: "t.csv: expected a CSV file that can be read: No such file or directory"),
    Case(
      name: "an empty file", file: "", status: 65,
      message: "t.csv:1: expected a line of column names, found an empty file"),
    Case(
      name: "a header only", file: "x,class\n", status: 65,
      message: "t.csv: expected rows below the header, found none"),
    Case(
      name: "a ragged row", file: "x,class\n1,a\n2,b,c\n", status: 65,
      message: "t.csv:3: expected 2 cells as in the header, found 3"),
    Case(
      name: "an unclosed quote", file: "x,class\n1,a\n2,\"b\n3,a\n", status: 65,
      message: "t.csv:3: expected a closing quote, found the end of the file"),
    Case(
      name: "a column that is not there", file: "x,kind\n1,a\n2,b\n", status: 64,
      message: "t.csv: expected a column \"class\", found \"x\", \"kind\""),
    Case(
      name: "text in a numeric column at line 40,000",
      file: "x,class\n" + (2...50_000).map { $0 == 40_000 ? "many,a\n" : "\($0),b\n" }.joined(),
      status: 65,
      message:
        "t.csv:40000: column \"x\": expected a number, found \"many\"; correct the cell, call it missing "
        + "with --missing-values \"many\", or treat the column as categories with --categorical \"x\""
    ),
    Case(
      name: "a missing number", file: "x,class\n1,a\n2,b\nNA,b\n",
      options: ["--target", "class", "--missing", "error"], status: 65,
      message:
        "t.csv:4: column \"x\": expected a value, found \"NA\", which means a missing one; correct the cell, "
        + "or choose another way with --missing impute, native or drop-rows"),
    Case(
      name: "missing cells in every row", file: "x,y,class\n1,,a\n,2,b\n",
      options: ["--target", "class", "--missing", "drop-rows"], status: 65,
      message:
        "t.csv: expected rows without missing values, found none; leave columns out with --drop, or choose "
        + "another way with --missing"),
    Case(
      name: "an empty class", file: "x,class\n1,a\n2,\n", status: 65,
      message:
        "t.csv:3: column \"class\": expected a class, found an empty cell; drop such rows with "
        + "--drop-unlabelled"),
    Case(
      name: "a missing class", file: "x,class\n1,a\n2,b\n3,NA\n", status: 65,
      message:
        "t.csv:4: column \"class\": expected a class, found \"NA\", which means a missing value; drop "
        + "such rows with --drop-unlabelled, or name it in --classes if it is a class"),
    Case(
      name: "missing classes only", file: "x,class\n1,\n2,?\n",
      options: ["--target", "class", "--drop-unlabelled"], status: 65,
      message: "t.csv: column \"class\": expected classes, found missing values only"),
    Case(
      name: "a measurement to predict", file: "x,class\n1,2\n2,2.5\n3,2\n", status: 65,
      message:
        "t.csv:3: column \"class\": expected classes, found \"2.5\", a measurement; choose another "
        + "--target, list the values of each class with --classes, or make every value a class with "
        + "--categorical \"class\""),
    Case(
      name: "decimal commas", file: "x;class\n1,5;a\nNA;b\n2,5;a\n", status: 65,
      message:
        "t.csv:2: column \"x\": expected a number in the form 1071.09, found \"1,5\"; read decimal "
        + "commas with --decimal , or correct the cells, or treat the column as categories with "
        + "--categorical \"x\""),
    Case(
      name: "decimal points where commas are to be read", file: "x;class\n1.5;a\n2.5;b\n",
      options: ["--target", "class", "--decimal", ","], status: 65,
      message:
        "t.csv:2: column \"x\": expected a number in the form 1071,09, found \"1.5\"; correct the "
        + "cells, or treat the column as categories with --categorical \"x\""),
    Case(
      name: "amounts of money", file: "x;class\n$1,071.09;a\n$5.00;b\n", status: 65,
      message:
        "t.csv:2: column \"x\": expected a number in the form 1071.09, found \"$1,071.09\"; correct "
        + "the cells, or treat the column as categories with --categorical \"x\""),
    Case(
      name: "infinity", file: "x,class\n1,a\n2,b\n-inf,b\n", status: 65,
      message:
        "t.csv:4: column \"x\": expected a number, found \"-inf\"; correct the cell, or call it missing "
        + "with --missing-values \"-inf\""),
    Case(
      name: "no column names", file: "1,a\n2,b\n3,a\n2,b\n", status: 64,
      message:
        "t.csv: expected a column \"class\", found \"1\", \"a\"; these look like data: read a table "
        + "without names with --no-header, which calls its columns column_1, column_2 and so on"),
    Case(
      name: "thousands", file: "x,class\n\"1,000\",a\n\"2,500\",b\n999,a\n", status: 65,
      message:
        "t.csv:2: column \"x\": expected a number in the form 1071.09, found \"1,000\"; read thousands "
        + "with --thousands , or correct the cells, or treat the column as categories with "
        + "--categorical \"x\""),
    Case(
      name: "a ZIP archive", file: "PK\u{3}\u{4}", status: 65,
      message:
        "t.csv: expected a CSV file, found a ZIP archive; make one with unzip -p t.csv > table.csv"),
    Case(
      name: "one class only", file: "x,class\n1,a\n2,a\n", status: 65,
      message: "t.csv: column \"class\": expected at least two classes, found only \"a\""),
    Case(
      name: "one row", file: "x,class\n1,a\n", status: 65,
      message:
        "expected rows for training and for testing; 1 row with a test fraction of 0.2 leaves "
        + "0 and 1"),
    Case(
      name: "fewer rows than neighbours", file: "x,class\n1,a\n2,b\n3,a\n4,b\n",
      options: ["--quiet", "--target", "class", "--models", "KNeighborsClassifier"], status: 65,
      message: "KNeighborsClassifier: 5 neighbours need as many training samples, found 3"),
    Case(
      name: "a part without rows", file: "x,class\n1,a\n2,b\n",
      options: ["--target", "class", "--test-fraction", "0.9"], status: 65,
      message:
        "expected rows for training and for testing; 2 rows with a test fraction of 0.9 leave "
        + "0 and 2"),
    Case(
      name: "a value without a class", file: "x,cut\n1,a\n2,b\n3,c\n",
      options: ["--classes", "one=a", "--classes", "two=b"], status: 65,
      message:
        "t.csv:4: column \"cut\": expected a value of one of the classes, found \"c\"; name it "
        + "in --classes, or give one class NAME=*"),
    Case(
      name: "a misspelt value", file: "x,cut\n1,a\n2,b\n3,c\n",
      options: ["--classes", "one=A", "--classes", "two=*"], status: 64,
      message:
        "t.csv: column \"cut\": expected the value \"A\" of --classes, found only \"a\", \"b\", "
        + "\"c\""),
    Case(
      name: "too few priors", file: "x,class\n1,a\n2,b\n3,c\n4,a\n5,b\n6,c\n",
      options: [
        "--quiet",
        "--target", "class", "--set", "GaussianNB.priors=0.5,0.5", "--models", "GaussianNB",
      ],
      status: 64,
      message: "GaussianNB: priors must be one for each of the 3 classes, was 0.5,0.5"),
  ]

  @Test(arguments: cases)
  func `bad input is explained in one line, and leaves nothing behind`(bad: Case) throws {
    let folder = TemporaryFolder()
    if let file = bad.file { folder.write(file, to: "t.csv") }
    let before = folder.names()
    for output in [[], ["--output", "deep/er"]] {
      let outcome = try Program.run(["--data", "t.csv"] + bad.options + output, in: folder)
      #expect(outcome.errors == "compare-models: error: \(bad.message)\n")
      #expect(outcome.status == bad.status)
      #expect(outcome.output == "")
      #expect(folder.names() == before)
    }
  }

  @Test func `input that is not text is explained in one line`() throws {
    let folder = TemporaryFolder()
    folder.write(Array("x,class\n1,a\n2,b".utf8) + [0xff, 0x0a], to: "t.csv")
    let outcome = try Program.run(["--data", "t.csv", "--target", "class"], in: folder)
    #expect(outcome.status == 65)
    #expect(
      outcome.errors
        == "compare-models: error: t.csv:3: expected UTF-8, found the byte 0xff; read it with "
        + "--encoding latin1, or save the file as UTF-8\n")
  }

  @Test(arguments: [
    (["--threads", "0"], "--threads must be at least 1."),
    (["--test-fraction", "1"], "--test-fraction must be above 0 and below 1."),
    (
      ["--models", "Forest"],
      "There is no model \"Forest\"; there are RandomForest, DecisionTreeClassifier, GaussianNB, "
        + "KNeighborsClassifier, HistGradientBoostingClassifier, LogisticRegression."
    ),
    (["--models", "GaussianNB,gaussiannb"], "--models must name each model once."),
    (
      ["--set", "RandomForest.n_estimators=0"],
      "--set RandomForest.n_estimators=0: n_estimators must be at least 1, was 0."
    ),
    (
      ["--set", "RandomForest.trees=7"],
      "--set RandomForest.trees=7: the hyper-parameter of RandomForest must be one of bootstrap, "
        + "ccp_alpha, class_weight, criterion, max_depth, max_features, max_leaf_nodes, max_samples, "
        + "min_impurity_decrease, min_samples_leaf, min_samples_split, min_weight_fraction_leaf, "
        + "n_estimators, oob_score, random_state, was trees."
    ),
    (
      ["--set", "KNeighborsClassifier.p=3"],
      "--set KNeighborsClassifier.p=3: p must be 1 or 2, was 3."
    ),
    (
      ["--set", "GaussianNB.var_smoothing=nan"],
      "--set GaussianNB.var_smoothing=nan: var_smoothing must be a number, was nan."
    ),
    (["--set", "nonsense"], "--set must be MODEL.NAME=VALUE, was \"nonsense\"."),
    (
      ["--models", "GaussianNB", "--set", "RandomForest.max_depth=3"],
      "--set RandomForest.max_depth=3: RandomForest is not among the models to compare."
    ),
    (
      ["--classes", "Gold"],
      "--classes: expected a class as NAME=VALUE,VALUE or NAME=* for all others, found \"Gold\"."
    ),
    (
      ["--classes", "a=x", "--classes", "b=x"],
      "--classes: expected each value in one class, found \"x\" twice."
    ),
    (
      ["--seed", "4294967296"],
      "The value '4294967296' is invalid for '--seed <seed>'."
    ),
    (
      ["--format", "yaml"],
      "The value 'yaml' is invalid for '--format <table|markdown|csv|json>'. Please provide one of "
        + "'table', 'markdown', 'csv' or 'json'."
    ),
    (["--decimal", ";"], "The value ';' is invalid for '--decimal <.|,>': expected one of . ,"),
    (
      ["--decimal", ",", "--thousands", ","],
      "--decimal , reads points and blanks between thousands by itself."
    ),
    (["--seed", "--quiet"], "Missing value for '--seed <seed>'. See"),
    (
      ["--seed", "-1"],
      "Missing value for '--seed <seed>'; a value that begins with a dash is written --seed=-1. See"
    ),
    (
      ["--quiet", "--target", "-my class"],
      "Missing value for '--target <target>'; a value that begins with a dash is written "
        + "'--target=-my class'. See"
    ),
    (["--colour"], "Unknown option '--colour'."),
    (["extra"], "Unexpected argument 'extra'"),
  ])
  func `a mistake on the command line ends the program before any work begins`(
    options: [String], message: String
  ) throws {
    let folder = TemporaryFolder()
    let outcome = try Program.run(options, in: folder)
    #expect(outcome.errors.hasPrefix("compare-models: error: \(message)"))
    #expect(outcome.errors.hasSuffix("See compare-models --help.\n"))
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
    #expect(folder.names() == [])
  }

  @Test func `an output folder that is a file, or below one, is refused`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(200)
    folder.write("x", to: "taken")
    for (output, problem) in [("taken", "Not a directory"), ("taken/run", "Not a directory")] {
      let outcome = try Program.run(
        ["--data", "diamonds.csv", "--output", output], in: folder)
      #expect(outcome.errors == "compare-models: error: \(output): \(problem)\n")
      #expect(outcome.status == 73)
      #expect(folder.names() == ["diamonds.csv", "taken"])
    }
  }

  // Permission bits do not bind root, the kernel's own file system does.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self")))
  func `an output folder that nobody may write to is refused`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(200)
    let outcome = try Program.run(
      ["--data", "diamonds.csv", "--output", "/proc/compare-models"], in: folder)
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.errors.hasPrefix("compare-models: error: /proc/compare-models: "))
    #expect(outcome.status == 73)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func `a full disk behind standard output is an error, and the run is kept`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(200)
    let outcome = try Program.run(
      ["--data", "diamonds.csv", "--models", "GaussianNB", "--output", "run", "--quiet"],
      in: folder, output: "/dev/full")
    #expect(outcome.status == 74)
    #expect(
      outcome.errors == "compare-models: error: standard output: No space left on device; finished "
        + "and kept in run: GaussianNB; for Comet: compare-models upload run\n")
    #expect(folder.read("run/comparison.json") != nil)
  }

  @Test(.enabled(if: SmallDisk.isPossible, "only root can mount a small disk"))
  func `a full disk behind the run folder is an error, and leaves nothing`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(3000)
    let disk = try #require(SmallDisk(kilobytes: 64, at: folder.path + "/disk"))
    // The forest's predictions alone are larger than what is left.
    folder.write([UInt8](repeating: 1, count: 40_000), to: "disk/ballast")
    let options = [
      "--data", "diamonds.csv", "--quiet", "--exclude", "RandomForest,KNeighborsClassifier",
    ]
    let first = try Program.run(options + ["--output", "disk/run"], in: folder)
    #expect(first.status == 73 || first.status == 74)
    #expect(first.errors.contains("No space left on device\n"))
    #expect(first.errorLines.count == 1)
    #expect(folder.names(below: "disk") == ["disk/ballast"])
    withExtendedLifetime(disk) {}
  }
}

/// A file system in memory with very little room.
final class SmallDisk {
  private let path: String

  static let isPossible: Bool = {
    let folder = TemporaryFolder()
    return withExtendedLifetime(folder) {
      SmallDisk(kilobytes: 16, at: folder.path + "/try") != nil
    }
  }()

  init?(kilobytes: Int, at path: String) {
    self.path = path
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard
      Self.run("mount", ["-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path]) == 0
    else { return nil }
  }

  deinit { _ = Self.run("umount", [path]) }

  private static func run(_ tool: String, _ arguments: [String]) -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [tool] + arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return -1 }
    process.waitUntilExit()
    return process.terminationStatus
  }
}
