import Foundation
import TestSupport
import Testing

/// One table in many forms: the run, its model and its predictions are those of the plain form.
@Suite struct `A table in another form` {
  private let folder = TemporaryFolder()
  private static let run = [
    "--target", "kind", "--models", "GaussianNB", "--no-report", "--offline",
  ]

  /// 90 rows of three kinds.
  private static let rows = (0..<90).map { row in
    [
      "\(Double(row % 7) + Double(row % 3))", "\(1000 + row * 37)",
      ["red", "w\u{e9}", "blue"][row % 3],
    ]
  }

  /// - Parameter cell: how a cell of a column is written.
  private func text(
    names: [String]? = ["size", "income", "kind"], separator: String = ",", end: String = "\n",
    cell: (Int, String) -> String = { $1 }
  ) -> String {
    let rows = Self.rows.map { $0.enumerated().map(cell) }
    return ((names.map { [$0] } ?? []) + rows).map { $0.joined(separator: separator) + end }
      .joined()
  }

  /// What the model says of the test rows.
  private func predictions(
    _ name: String, _ options: [String], input: String? = nil
  ) throws -> String? {
    let outcome = try Program.run(
      Self.run + ["--output", name] + options, in: folder,
      input: input.map { folder.path + "/" + $0 })
    #expect(outcome.status == 0, "\(name): \(outcome.errors)")
    return folder.text("\(name)/GaussianNB/predictions.csv")
  }

  /// The same, of all rows by the saved model; only the predictions.
  private func predicted(_ data: String, _ options: [String] = []) throws -> [String] {
    let outcome = try Program.run(
      ["predict", "--model", "plain/GaussianNB", "--data", data] + options, in: folder)
    #expect(outcome.status == 0, "\(data): \(outcome.errors)")
    return outcome.output.split { $0.isNewline }.map { line in
      line.split { ",;|\t ".contains($0) }.suffix(4).joined(separator: ",")
    }
  }

  @Test func `a table in another form gives the same run and the same predictions`() throws {
    folder.write(text(), to: "plain.csv")
    let expected = try #require(try predictions("plain", ["--data", "plain.csv"]))
    let answers = try predicted("plain.csv")
    #expect(answers.count == 91)
    /// `1,000`
    func grouped(_ column: Int, _ cell: String) -> String {
      column == 1 && cell.count > 3 ? "\"\(cell.dropLast(3)),\(cell.suffix(3))\"" : cell
    }
    var forms: [(name: String, bytes: [UInt8], options: [String])] = []
    for (name, separator) in [("semicolon", ";"), ("tab", "\t"), ("bar", "|"), ("blanks", "   ")] {
      forms.append((name, Array(text(separator: separator).utf8), []))
    }
    forms.append(("old-mac", Array(text(end: "\r").utf8), []))
    forms.append(("windows", Array(("\u{feff}\r\n" + text(end: "\r\n")).utf8), []))
    forms.append(("comments", Array(("# made, by, hand\n# twice\n" + text()).utf8), []))
    forms.append(
      (
        "latin1", try #require(text().data(using: .isoLatin1)).map(\.self),
        ["--encoding", "latin1"]
      ))
    forms.append(
      ("utf-16", try #require(text().data(using: .utf16)).map(\.self), ["--encoding", "utf-16"]))
    forms.append(("thousands", Array(text(cell: grouped).utf8), ["--thousands", ","]))
    forms.append(
      (
        "comma", Array(text(separator: ";") { $1.replacing(".", with: ",") }.utf8),
        ["--decimal", ","]
      ))
    for form in forms {
      folder.write(form.bytes, to: form.name + ".csv")
      let data = ["--data", form.name + ".csv"] + form.options
      #expect(try predictions(form.name, data) == expected, "\(form.name)")
      #expect(try predicted(form.name + ".csv", form.options) == answers, "\(form.name)")
    }
  }

  /// How a table writes 1234.5, and a number that a word says is missing.
  private struct WrittenNumbers {
    let options: [String]
    let large: String
    let missing: String
    let word: String
    /// Whether the model learns from a table with decimal points.
    var learnsPlain = false
  }
  private static let written = [
    WrittenNumbers(
      options: ["--decimal", ","], large: "1.234,5", missing: "-9,50", word: "-9.5",
      learnsPlain: true),
    WrittenNumbers(options: ["--decimal", ","], large: "1.234,5", missing: "-9,0", word: "-9"),
    WrittenNumbers(
      options: ["--thousands", ","], large: "\"1,234.5\"", missing: "-9.50", word: "-9.5"),
    WrittenNumbers(
      options: ["--thousands", "'"], large: "1'234.5", missing: "-1000", word: "-1'000"),
  ]

  /// A model with words for missing values once read decimal points whatever was asked for.
  @Test(arguments: written.indices)
  func `a model with words for missing values reads numbers as it is asked to`(
    index: Int
  ) throws {
    let form = Self.written[index]
    let mark = form.options[0] == "--decimal" ? "," : "."
    func table(_ mark: String, _ large: String, _ missing: String) -> String {
      "n;w;t\n"
        + (0..<90).map { row in
          let number = row % 9 == 0 ? missing : row % 7 == 0 ? large : "\(row % 13)\(mark)25"
          return "\(number);\(row % 8 == 0 ? "none" : "w\(row % 3)");\(row % 4 == 0 ? "p" : "q")\n"
        }.joined()
    }
    let tables = ["asked.csv": form.options, "plain.csv": []]
    folder.write(table(mark, form.large, form.missing), to: "asked.csv")
    folder.write(table(".", "1234.5", form.missing.replacing(",", with: ".")), to: "plain.csv")
    let learnt = form.learnsPlain ? "plain.csv" : "asked.csv"
    let run = try Program.run(
      ["--target", "t", "--models", "GaussianNB", "--output", "run", "--data", learnt]
        + ["--missing-values", "none," + form.word] + (tables[learnt] ?? []), in: folder)
    #expect(run.status == 0 && run.errors.contains("Missing cells: n 10, w 12\n"), "\(run.errors)")
    func answers(_ ask: [String]) throws -> [[Substring]] {
      try tables.map { data, options in
        let outcome = try Program.run(
          ask + ["run/GaussianNB", "--data", data] + options, in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return outcome.output.split(separator: "\n").map { $0.split(separator: ";").last ?? "" }
      }
    }
    let predicted = try answers(["predict", "--model"])
    #expect(predicted[0].count == 91 && predicted[0] == predicted[1])
    // The sentences below the metrics name the file.
    let judged = try answers(["evaluate", "--quiet"]).map { $0.prefix(10) }
    #expect(judged[0] == judged[1] && judged[0].last?.hasPrefix("Log loss") == true)
  }

  @Test func `a table without names runs with --no-header, and so does its model`() throws {
    folder.write(text(), to: "plain.csv")
    folder.write(text(names: nil), to: "bare.csv")
    let expected = try #require(try predictions("plain", ["--data", "plain.csv"]))
    let options = ["--data", "bare.csv", "--no-header"]
    #expect(try predictions("bare", options + ["--target", "column_3"]) == expected)
    let predict = ["predict", "--model", "bare/GaussianNB"]
    let outcome = try Program.run(predict + options, in: folder)
    #expect(outcome.output.hasPrefix("column_1,column_2,column_3,predicted,"))
    #expect(outcome.output.split(separator: "\n").count == 91)
    let refused = try Program.run(predict + ["--data", "bare.csv"], in: folder)
    #expect(refused.status == 65)
    #expect(refused.errors.contains("; read a table without names with --no-header\n"))
    let sweep = try Program.run(
      [
        "sweep", "--target", "column_3", "--models", "GaussianNB", "--seeds", "1,2", "--output",
        "s",
      ]
        + options, in: folder)
    #expect(sweep.status == 0, "\(sweep.errors)")
    #expect(folder.text("s/sweep.json")?.contains("\"header\": false") == true)
  }

  @Test func `columns with one name are told apart, with a notice`() throws {
    folder.write(text(names: ["a", "a", "kind"]), to: "t.csv")
    let outcome = try Program.run(Self.run + ["--data", "t.csv", "--output", "run"], in: folder)
    #expect(outcome.status == 0)
    #expect(
      outcome.errorLines.first == "Columns with a name that an earlier one has are called: a.1")
    let predicted = try Program.run(
      ["predict", "--model", "run/GaussianNB", "--data", "t.csv"], in: folder)
    #expect(predicted.output.hasPrefix("a,a,kind,predicted,"))
    #expect(
      try Program.run(Self.run + ["--data", "t.csv", "--drop", "a.1"], in: folder).status == 0)
  }

  @Test func `a table is read from standard input, and resumed where it is given again`() throws {
    folder.write(text(), to: "plain.csv")
    let expected = try #require(try predictions("plain", ["--data", "plain.csv"]))
    #expect(try predictions("piped", ["--data", "-"], input: "plain.csv") == expected)
    let before = folder.read("piped/request.json")
    let refused = try Program.run(["--resume", "piped"], in: folder)
    #expect(refused.status == 64)
    #expect(
      refused.errors.hasPrefix(
        "compare-models: error: The run's table came from standard input: give it again"))
    #expect(folder.read("piped/request.json") == before)
    let again = ["--resume", "piped", "--offline", "--data"]
    for (data, input) in [("-", "plain.csv"), ("plain.csv", nil)] {
      let outcome = try Program.run(
        again + [data], in: folder, input: input.map { folder.path + "/" + $0 })
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    folder.write(text(names: ["size", "income", "sort"]), to: "other.csv")
    let other = try Program.run(again + ["-"], in: folder, input: folder.path + "/other.csv")
    #expect(other.errors.contains("standard input") || other.status == 65, "\(other.errors)")
    let empty = try Program.run(Self.run + ["--data", "-"], in: folder)
    #expect(
      empty.errors
        == "compare-models: error: standard input:1: expected a line of column names, found "
        + "an empty file\n")
    let promotion = try Program.run(
      ["--data", "-", "--register", "--stage", "production", "--promote-if-better"], in: folder)
    #expect(promotion.status == 64)
  }
}
