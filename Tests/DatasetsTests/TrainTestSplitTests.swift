import TestSupport
import Testing

@testable import Datasets

@Suite struct `A train-test split` {
  @Test(arguments: [0.1, 0.2, 0.25, 0.5, 0.99], 1...20)
  func `a train-test split keeps every row exactly once`(fraction: Double, seed: Int) throws {
    for count in [2, 3, 10, 101] {
      let split = TrainTestSplit(testFraction: fraction, seed: UInt32(seed))
      guard Int((fraction * Double(count)).rounded(.up)) < count else { continue }
      let parts = try split.positions(sampleCount: count)
      #expect((parts.training + parts.test).sorted() == Array(0..<count), "seed \(seed)")
      #expect(parts.test.count == Int((fraction * Double(count)).rounded(.up)))
    }
  }

  @Test func `a train-test split is scikit-learn's`() throws {
    // scikit-learn 1.9.1: train_test_split(range(10), test_size=0.25, random_state=7), and
    // train_test_split(range(5), test_size=0.3, random_state=4294967295).
    let parts = try TrainTestSplit(testFraction: 0.25, seed: 7).positions(sampleCount: 10)
    #expect(parts.training == [2, 1, 9, 7, 3, 6, 4])
    #expect(parts.test == [8, 5, 0])
    let last = try TrainTestSplit(testFraction: 0.3, seed: .max).positions(sampleCount: 5)
    #expect(last.training == [0, 2, 3])
    #expect(last.test == [4, 1])
  }

  @Test func `a train-test split refuses fractions and tables that leave a part empty`() {
    for fraction in [0, 1, -0.5, 2, .nan] {
      let error = #expect(throws: DatasetError.self) {
        try TrainTestSplit(testFraction: fraction).positions(sampleCount: 10)
      }
      #expect(error?.kind == .badRequest)
    }
    for (count, fraction) in [(1, 0.2), (2, 0.6), (0, 0.5)] {
      let error = #expect(throws: DatasetError.self) {
        try TrainTestSplit(testFraction: fraction).positions(sampleCount: count)
      }
      #expect(error?.kind == .badData)
    }
  }
}

@Suite struct `A stable split` {
  /// Rows of a table by their text, divided.
  private func parts(
    _ rows: [String], _ split: TrainTestSplit
  ) throws -> (training: [String], test: [String]) {
    let table = try withTemporaryFile(
      "x,word,class\n" + rows.map { $0 + "\n" }.joined(), named: "t.csv"
    ) { try CSVTable(contentsOf: $0) }
    let (training, test) = try split.positions(in: table)
    return (training.map { rows[$0] }, test.map { rows[$0] })
  }

  private let rows = (0..<500).map { "\($0 % 250).5,w\($0 % 7),\($0 % 2 == 0 ? "a" : "b")" }

  @Test func `a row stays in its part while the table grows and is sorted anew`() throws {
    let split = TrainTestSplit(testFraction: 0.2, seed: 42, method: .stable)
    let (training, test) = try parts(rows, split)
    let more = (0..<100).map { "\(1000 + $0),w,a" }
    let grown = try parts((more + rows).reversed(), split)
    #expect(Set(test).isSubset(of: grown.test))
    #expect(Set(training).isSubset(of: grown.training))
    #expect(Set(grown.training).isDisjoint(with: grown.test), "equal rows are in one part")
    // Of 500 rows a fifth, give or take four standard deviations of a share.
    let deviation = (0.2 * 0.8 / 500).squareRoot()
    let share = Double(test.count) / 500
    #expect(abs(share - 0.2) < 4 * deviation)
  }

  @Test func `a larger test part has the smaller one, and another seed another`() throws {
    let small = try parts(rows, TrainTestSplit(testFraction: 0.1, seed: 42, method: .stable)).test
    let large = try parts(rows, TrainTestSplit(testFraction: 0.3, seed: 42, method: .stable)).test
    #expect(Set(small).isStrictSubset(of: Set(large)))
    let other = try parts(rows, TrainTestSplit(testFraction: 0.1, seed: 7, method: .stable)).test
    #expect(Set(small) != Set(other))
  }

  @Test func `a stable split without rows in one part is refused`() {
    #expect(throws: DatasetError.self) {
      try parts(["1,w,a"], TrainTestSplit(testFraction: 0.2, seed: 42, method: .stable))
    }
  }
}
