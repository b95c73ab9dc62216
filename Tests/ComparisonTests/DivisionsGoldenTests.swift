import Datasets
import Foundation
import TestSupport
import Testing

@testable import Comparison

/// `divisions-reference.json`, as make_divisions_reference.py wrote it with scikit-learn 1.9.1 and numpy 2.4.6.
private struct DivisionsReference: Decodable {
  struct Groups: Decodable, Sendable, CustomTestStringConvertible {
    let seed: UInt32
    let rows, groups, classes, folds, repeats, skew: Int
    /// Whether groups are named by words, not by numbers.
    let words: Bool
    let fraction: Double
    /// Per repeat, a letter per row: the fold that the row is judged in; empty where scikit-learn refuses.
    let foldOfRow: [String]
    /// A letter per row: `t` for the test rows.
    let isTested: String

    var testDescription: String { "\(groups) groups, \(folds) folds, \(classes) classes, \(skew)" }
  }

  struct Times: Decodable, Sendable {
    let seed: UInt64
    let rows, folds, limit: Int
    /// The first fold's training rows, and every fold's test rows.
    let training, test: [[Int]]
  }

  let groups: [Groups]
  let times: [Times]

  static let read: DivisionsReference = {
    let path = RepositoryFiles.root + "/Tests/ComparisonTests/Golden/divisions-reference.json"
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    // Tests cannot go on without it.
    return try! decoder.decode(Self.self, from: Data(contentsOf: URL(filePath: path)))
  }()
}

/// The numbers of the script's generator.
private struct Generator {
  var state: UInt64

  mutating func below(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(limit))
  }
}

@Suite struct `Divisions, as scikit-learn 1.9.1 divides rows` {
  private func table(
    _ text: String, _ preprocessing: Preprocessing
  ) throws -> CSVTable {
    let folder = TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    return try CSVTable(contentsOf: folder.write(text, to: "t.csv"), preprocessing.reading)
  }

  private func preprocessing(_ column: String) -> Preprocessing {
    Preprocessing(target: TargetRule(column: "label", classes: []), dividing: [column])
  }

  private func table(_ division: DivisionsReference.Groups) throws -> CSVTable {
    var generator = Generator(state: UInt64(division.seed))
    var text = "x,g,label\n"
    for row in 0..<division.rows {
      var group = generator.below(division.groups)
      for _ in 0..<division.skew { group = min(group, generator.below(division.groups)) }
      var label = generator.below(division.classes)
      if division.skew > 0, group % 2 == 0 {
        label = min(label, generator.below(division.classes))
      }
      text += "\(row),\(division.words ? "p\(group)" : "\(group * 7 - 30)"),c\(label)\n"
    }
    return try table(text, preprocessing("g"))
  }

  @Test(arguments: DivisionsReference.read.groups)
  private func `folds of whole groups are those of StratifiedGroupKFold, row by row`(
    division: DivisionsReference.Groups
  ) throws {
    let table = try table(division)
    let plan = FoldPlan(
      count: division.folds, repeats: division.repeats, seed: division.seed, group: "g")
    guard !division.foldOfRow.isEmpty else {
      let error = #expect(throws: DatasetError.self) {
        try plan.folds(of: table, preprocessing: preprocessing("g"))
      }
      #expect(error?.description.contains("groups for \(division.folds) folds") == true)
      return
    }
    let folds = try plan.folds(of: table, preprocessing: preprocessing("g"))
    for (repetition, letters) in division.foldOfRow.enumerated() {
      var found = [String](repeating: "-", count: division.rows)
      for fold in folds where fold.repetition == repetition + 1 {
        for row in fold.test { found[row] = String(fold.number - 1, radix: 36) }
        #expect(fold.training.count + fold.test.count == division.rows)
        #expect(Set(fold.training).isDisjoint(with: fold.test))
        #expect(fold.training == fold.training.sorted())
      }
      #expect(found.joined() == letters)
    }
  }

  @Test(arguments: DivisionsReference.read.groups)
  private func `a split of whole groups is that of GroupShuffleSplit, row by row`(
    division: DivisionsReference.Groups
  ) throws {
    let split = TrainTestSplit(
      testFraction: division.fraction, seed: division.seed, group: "g")
    let parts = try split.positions(in: table(division))
    let tested = division.isTested.enumerated().filter { $0.element == "t" }.map(\.offset)
    #expect(parts.test == tested)
    #expect(parts.training == (0..<division.rows).filter { !Set(tested).contains($0) })
  }

  @Test(arguments: DivisionsReference.read.times.indices)
  func `folds in the order of time are those of TimeSeriesSplit, row by row`(index: Int) throws {
    let division = DivisionsReference.read.times[index]
    var generator = Generator(state: division.seed)
    let times = (0..<division.rows).map { _ in generator.below(division.limit) }
    let plan = FoldPlan(count: division.folds, seed: 1, time: "t")
    for hasDates in [false, true] {
      let words = times.map { hasDates ? "\(2000 + $0)-03-01T00:00+01:00" : "\($0)" }
      let text = "x,t,label\n" + words.enumerated().map { "1,\($1),c\($0 % 2)\n" }.joined()
      let folds = try plan.folds(
        of: table(text, preprocessing("t")), preprocessing: preprocessing("t"))
      #expect(folds.map(\.test) == division.test)
      #expect(folds[0].training == division.training[0])
      for (earlier, later) in zip(folds, folds.dropFirst()) {
        #expect(later.training == earlier.training + earlier.test)
      }
    }
  }
}
