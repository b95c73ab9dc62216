import Datasets
import Support
import TestSupport
import Testing

@testable import Comparison

/// A table that is written as a file and prepared as a run does it.
private struct Table {
  private let files = TemporaryFolder()
  private let names: [String]

  /// - Parameter rows: the cells of each row, the class last, which is called `class`.
  init(_ names: [String], _ rows: [[String]]) {
    self.names = names
    let lines = ([names + ["class"]] + rows).map { $0.joined(separator: ",") + "\n" }
    files.write(lines.joined(), to: "t.csv")
  }

  func run(
    _ conduct: RunConduct = RunConduct(threads: 2),
    change: (inout RunRequest) -> Void = { _ in }
  ) throws -> PreparedRun {
    var request = RunRequest.standard
    request.data = files.path + "/t.csv"
    request.target = TargetRule(column: "class", classes: [])
    change(&request)
    return try PreparedRun(request, conduct: conduct)
  }

  /// What is found, each as its code and its columns.
  func findings(change: (inout RunRequest) -> Void = { _ in }) throws -> [String] {
    try run(change: change).findings.map {
      ([$0.code.rawValue] + ($0.columns ?? [])).joined(separator: " ")
    }
  }
}

/// Numbers of several kinds and classes that depend on them with noise.
private struct RandomTable {
  private var generator: SeededGenerator
  private let rows: Int

  init(seed: UInt64, rows: Int) {
    generator = SeededGenerator(seed: seed)
    self.rows = rows
  }

  /// About normal, with a mean of 0 and a deviation of 1.
  mutating func normal() -> Double {
    (0..<12).reduce(-6) { sum, _ in sum + uniform() }
  }

  mutating func uniform() -> Double { Double.random(in: 0..<1, using: &generator) }

  /// About Poisson-distributed.
  mutating func count(mean: Double) -> Int {
    (0..<100).count { _ in uniform() < mean / 100 }
  }

  mutating func whole(below limit: Int) -> Int { Int.random(in: 0..<limit, using: &generator) }

  /// - Parameter extra: a cell for each row, by its number and its class.
  mutating func table(
    classes: Int, extra: [(name: String, cell: (Int, Int) -> String)] = []
  ) -> Table {
    let rows = (0..<rows).map { row -> [String] in
      let (first, second) = (normal(), uniform())
      let score = Int((abs(first + second + normal()) * 3).rounded())
      let label = whole(below: 3) == 0 ? whole(below: classes) : score % classes
      let cells = [
        "\(first)", NumberText.plain(first * 3 + 20, digits: 1),
        NumberText.plain(second * 100, digits: 2), "\(count(mean: 4))", "\(count(mean: 30))",
        "\(whole(below: 100_000))", "\(1 + whole(below: 6))", "\(whole(below: 2))",
        ["red", "green", "blue"][whole(below: 3)], "c\(whole(below: 12))",
      ]
      return cells + extra.map { $0.cell(row, label) } + ["k\(label)"]
    }
    return Table(
      [
        "normal", "length", "share", "children", "visits", "income", "grade", "member", "colour",
        "city",
      ] + extra.map(\.name), rows)
  }
}

@Suite struct `Findings about data` {
  private static let sizes = [30, 60, 200, 1000, 5000]

  @Test(arguments: 0..<100) func `nothing is found in a clean random table`(seed: Int) throws {
    let rows = Self.sizes[seed % 5]
    var random = RandomTable(seed: UInt64(seed), rows: rows)
    let table = random.table(classes: rows < 200 ? 2 : 2 + seed / 5 % 4)
    #expect(try table.findings() == [], "seed \(seed)")
  }

  @Test(arguments: 0..<20) func `categories and small counts alone are no twins`(seed: Int) throws {
    var random = RandomTable(seed: UInt64(seed), rows: 400)
    let rows = (0..<400).map { _ in
      ["\(random.whole(below: 4))", "\(random.count(mean: 2))", "w\(random.whole(below: 3))"]
        + ["k\(random.whole(below: 2))"]
    }
    #expect(try Table(["a", "b", "c"], rows).findings() == [], "seed \(seed)")
  }

  /// A clean table with one column more.
  private func findings(
    rows: Int = 300, classes: Int = 3, name: String = "extra",
    change: (inout RunRequest) -> Void = { _ in }, _ cell: @escaping (Int, Int) -> String
  ) throws -> [String] {
    var random = RandomTable(seed: 7, rows: rows)
    return try random.table(classes: classes, extra: [(name, cell)]).findings(change: change)
  }

  @Test func `columns that name rows are found`() throws {
    #expect(try findings { row, _ in "\(row + 1)" } == ["row-counter extra"])
    #expect(try findings { row, _ in "\(900 - row)" } == ["row-counter extra"])
    #expect(try findings { row, _ in "\(row * 3 + row % 2)" } == ["row-counter extra"])
    #expect(try findings { row, _ in "r\(row)" } == ["unique-column extra"])
    // In another order, 7 and 300 have no common divisor.
    #expect(try findings { row, _ in "\(row * 7 % 300)" } == ["unique-column extra"])
    // All different, as random numbers in that range are, unless the name says what they are.
    let far: (Int, Int) -> String = { row, _ in "\(row * 7_919_777 % 99_999_989)" }
    #expect(try findings(far) == [])
    #expect(try findings(name: "patientId", far) == ["unique-column patientId"])
    #expect(try findings { row, _ in "\(row).5" } == [], "a measurement")
    #expect(try findings(rows: 19, classes: 2) { row, _ in "\(row)" } == [], "too few rows")
  }

  @Test func `a counter is severe only where it leaves no row out`() throws {
    var random = RandomTable(seed: 7, rows: 100)
    let run = try random.table(
      classes: 2, extra: [("n", { row, _ in "\(row)" }), ("m", { row, _ in "\(row * row)" })]
    ).run()
    #expect(run.findings.map(\.severity) == [.severe, .warning])
    #expect(run.findings.map(\.columns) == [["n"], ["m"]])
    #expect(run.findings[0].advice == "leave it out with --drop n")
  }

  @Test func `a column that gives the class is found, whatever its form`() throws {
    for rows in [60, 300, 3000] {
      #expect(try findings(rows: rows) { _, label in "\(label)" }.contains("leak extra"))
      #expect(try findings(rows: rows) { _, label in "x\(2 - label)" } == ["leak extra"])
      let measured: (Int, Int) -> String = { row, label in
        "\(Double(label) + Double(row % 97) / 100)"
      }
      #expect(try findings(rows: rows, measured) == ["leak extra"])
    }
    // Several values for each class.
    #expect(try findings { row, label in "v\(row % 4 * 3 + label)" } == ["leak extra"])
  }

  @Test func `a column that is often wrong about the class is no leak`() throws {
    let measured: (Int, Int) -> String = { row, label in
      "\(Double(row % 20 == 0 ? 2 - label : label) + Double(row % 97) / 100)"
    }
    #expect(try findings(rows: 3000, measured) == [])
  }

  @Test func `a row counter of a sorted table is a leak, too, and the worst comes first`() throws {
    var random = RandomTable(seed: 3, rows: 200)
    let rows = (0..<200).map { row in
      ["\(row + 1)", "\(random.normal())", "1", "k\(row / 67)"]
    }
    let run = try Table(["n", "x", "c"], rows).run()
    #expect(run.findings.map(\.code) == [.leak, .rowCounter, .constantColumn])
    #expect(run.findings[0].found == "column \"n\" alone gives the class of 200 of 200 rows")
  }

  @Test func `equal rows are counted across the parts, and where their classes differ`() throws {
    var random = RandomTable(seed: 5, rows: 200)
    let single = (0..<190).map { _ in
      ["\(random.normal())", "\(random.uniform())", "k\(random.whole(below: 2))"]
    }
    let run = try Table(["x", "y"], single + single.prefix(10)).run()
    let data = run.data
    let training = Set(data.training.rows)
    // Row 190 + i is row i.
    let twins = (0..<10).count { training.contains($0) != training.contains(190 + $0) }
    #expect(run.findings.map(\.code) == [.twins])
    #expect(
      run.findings[0].found == "\(twins) of 40 test rows equal a training row in every feature")
    let other = single.prefix(3).map { [$0[0], $0[1], $0[2] == "k0" ? "k1" : "k0"] }
    let contradicting = try Table(["x", "y"], single + other).run().findings
    #expect(
      contradicting.first { $0.code == .contradictingRows }?.found
        == "6 rows equal another row in every feature, and have different classes")
  }

  @Test func `zeros of both signs are equal`() throws {
    var random = RandomTable(seed: 5, rows: 60)
    let single = (0..<58).map { _ in
      ["\(random.normal())", "\(random.normal())", "0", "k\(random.whole(below: 2))"]
    }
    let rows = single + single.prefix(40).map { [$0[0], $0[1], "-0", $0[3]] }
    #expect(try Table(["x", "y", "z"], rows).findings().contains("twins"))
  }

  @Test func `few zeros far from all other values are found, and zeros of counts are not`() throws {
    let length: (Int, Int) -> String = { row, _ in
      row % 60 == 3 ? "0" : "\(30 + row * 13 % 41)"
    }
    #expect(try findings(length) == ["suspicious-zeros extra"])
    #expect(try findings { row, _ in row % 10 == 3 ? "0" : "\(30 + row * 13 % 41)" } == [])
    #expect(try findings { row, _ in "\(row * 13 % 41)" } == [])
    #expect(try findings { row, _ in row % 60 == 3 ? "0" : "\(row * 13 % 41 - 20)" } == [])
    #expect(try findings { row, _ in row % 60 == 3 ? "0" : "1" } == [], "a flag")
  }

  @Test func `numbers that are read as names are found, and codes are not`() throws {
    #expect(try findings { row, _ in "\(row % 37) kg" } == ["numbers-as-names extra"])
    let named: (inout RunRequest) -> Void = { $0.categorical = ["extra"] }
    #expect(
      try findings(change: named) { row, _ in "$\(row % 37).50" } == ["numbers-as-names extra"])
    #expect(
      try findings(change: named) { row, _ in "\(row % 37).25" } == ["numbers-as-names extra"])
    #expect(try findings(change: named) { row, _ in "\(70000 + row % 37)" } == [], "codes")
    #expect(try findings { row, _ in "\(row % 5) kg" } == [], "five sizes")
    #expect(try findings { row, _ in "\(row % 37)-\(row % 37 + 1)" } == [], "ranges")
    #expect(try findings { row, _ in "room \(row % 37)" } == [])
  }

  @Test func `a few whole numbers with the name or the form of codes are found`() throws {
    let three: (Int, Int) -> String = { row, _ in "\(row * 7 % 5 + 1)" }
    #expect(try findings(name: "region", three) == ["coded-numbers region"])
    #expect(try findings(name: "shopCode", three) == ["coded-numbers shopCode"])
    #expect(try findings(name: "rooms", three) == [])
    let codes = [101, 102, 231, 407, 101]
    #expect(try findings { row, _ in "\(codes[row * 7 % 5])" } == ["coded-numbers extra"])
    let doses = [100, 150, 300, 500, 100]
    #expect(try findings { row, _ in "\(doses[row * 7 % 5])" } == [])
    let years = [1871, 1902, 1951, 1988, 1871]
    #expect(try findings { row, _ in "\(years[row * 7 % 5])" } == [])
  }

  /// Classes with so many rows each, beside a column of noise.
  private func classes(_ counts: [Int]) -> Table {
    var random = RandomTable(seed: 11, rows: 0)
    let rows = counts.enumerated().flatMap { label, count in
      (0..<count).map { _ in ["\(random.normal())", "k\(label)"] }
    }
    return Table(["x"], rows)
  }

  @Test func `rare classes are found, by the folds that are asked for`() throws {
    #expect(try classes([100, 100]).findings() == [])
    #expect(try classes([97, 4]).findings() == ["rare-class", "few-positives"])
    #expect(try classes([950, 50]).findings() == [], "exactly a twentieth")
    #expect(try classes([60, 60, 6]).findings().contains("rare-class") == false)
    let folds = try classes([60, 60, 9]).findings {
      $0.folds = RunRequest.Folds(count: 10)
      $0.seed = 3
    }
    #expect(folds == ["rare-class"])
  }

  @Test func `a class that a part does not have is found, severe where it cannot be learnt`() throws
  {
    let run = try classes([60, 60, 1]).run()
    let found = try #require(run.findings.first { $0.code == .absentClass })
    let isInTest = run.data.test.labels.contains(2)
    #expect(found.severity == (isInTest ? .severe : .warning))
    #expect(found.found == "class \"k2\" has no \(isInTest ? "training" : "test") row")
  }

  @Test func `missing numbers are passed over, unless they say the class`() {
    var random = RandomTable(seed: 1, rows: 0)
    let rows = 0..<100
    let labels = rows.map { $0 * 7 % 13 % 2 }
    let isTest = rows.map { $0 % 5 == 4 }
    func counts(ofTest: Bool) -> [Int] {
      [0, 1].map { label in rows.count { isTest[$0] == ofTest && labels[$0] == label } }
    }
    func column(_ name: String, words: [String]? = nil, _ cell: (Int) -> Double)
      -> ExaminedTable.Column
    {
      ExaminedTable.Column(name: name, values: rows.map(cell), words: words)
    }
    let table = ExaminedTable(
      columns: [
        column("number") { $0 % 10 == 0 ? .nan : Double($0) },
        column("noise") { _ in random.normal() },
        // Words of which the third is missing.
        column("word", words: ["a", "b"]) { Double($0 % 3) },
        column("gone") { labels[$0] == 1 ? .nan : 1 },
      ], labels: labels, isTest: isTest, training: rows.filter { !isTest[$0] },
      test: rows.filter { isTest[$0] }, classNames: ["a", "b"],
      trainingCounts: counts(ofTest: false), testCounts: counts(ofTest: true), isRandomSplit: true,
      folds: nil)
    let found = table.findings(ignoring: [], threads: 1)
    #expect(found.map(\.code) == [.leak])
    #expect(found.first?.columns == ["gone"])
  }

  @Test func `49 test rows of the diamonds stand in training, and 20 lengths are 0`() throws {
    var request = RunRequest.standard
    request.data = RepositoryFiles.diamonds
    let run = try PreparedRun(request, conduct: RunConduct(threads: 2))
    // Counted with pandas, too.
    #expect(
      run.findings.map(\.found) == [
        "49 of 10,788 test rows equal a training row in every feature",
        "column \"x\" is 0 in 8 rows, \"y\" in 7, \"z\" in 20, and far from 0 in all others",
      ])
    #expect(run.findings.allSatisfy { $0.severity == .note })
  }

  @Test func `the number of threads changes no finding`() throws {
    var random = RandomTable(seed: 7, rows: 300)
    let table = random.table(
      classes: 3, extra: [("a", { row, _ in "\(row)" }), ("b", { _, label in "\(label)" })])
    let found = try [1, 2, 5].map { try table.run(RunConduct(threads: $0)).findings }
    #expect(found[0].count == 2 && found[0] == found[1] && found[1] == found[2])
  }

  @Test func `findings that are left aside are not told, kept or refused`() throws {
    var random = RandomTable(seed: 7, rows: 300)
    let table = random.table(
      classes: 3, extra: [("a", { row, _ in "\(row)" }), ("b", { _, _ in "1" })])
    let strict = RunConduct(threads: 1, isStrictAboutData: true)
    let error = #expect(throws: RequestError.self) { try table.run(strict) }
    #expect(error?.exitStatus == 65)
    #expect(
      error?.description
        == "t.csv: --strict-data: column \"a\" counts the rows (row-counter): leave it out with --drop a"
    )
    let run = try table.run(strict) { $0.ignoredFindings = [.rowCounter] }
    #expect(run.findings.map(\.code) == [.constantColumn])
    #expect(run.notices.count { $0.contains("constant-column") } == 1)
  }

  @Test func `five lines are printed, the worst first, and where the others are`() {
    let findings = DataFinding.Code.allCases.map {
      DataFinding($0, .note, found: "found", meaning: "meaning", advice: "do")
    }
    let lines = findings.lines(allIn: "in report.html")
    #expect(lines.count == 5)
    #expect(lines[0] == "Note (leak): found; do")
    #expect(lines[4] == "… and 8 more in report.html")
    #expect(findings.dropLast(7).count == 5)
    #expect(Array(findings.dropLast(7)).lines(allIn: "").allSatisfy { $0.hasSuffix("do") })
  }
}
