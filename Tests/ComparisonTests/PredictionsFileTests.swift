import Datasets
import LinearAlgebra
import TestSupport
import Testing

@testable import Comparison

@Suite struct `The file with a model's predictions` {
  private static func classNames(_ count: Int) -> [String] { (0..<count).map { "class \($0)" } }

  /// A row per class, sure of it but for the first row, which is torn between the first two.
  private static func predictions(classCount count: Int) -> TestPredictions {
    var shares = [Double](repeating: 0, count: count * count)
    for row in 0..<count { shares[row * count + row] = 1 }
    (shares[0], shares[1]) = (1.0 / 3, 2.0 / 3)
    return TestPredictions(
      rows: (0..<count).map { 7 * $0 }, actual: Array(0..<count),
      predicted: [1] + Array(1..<count),
      probabilities: Matrix(rowCount: count, columnCount: count, elements: shares))
  }

  @Test(arguments: [2, 30, 31, 300])
  func `what was written is read again, however many classes there are`(count: Int) throws {
    let predictions = Self.predictions(classCount: count)
    let names = Self.classNames(count)
    let bytes = predictions.csv(classNames: names)
    #expect(
      try TestPredictions(bytes, fileName: "predictions.csv", classNames: names) == predictions)
  }

  @Test(arguments: [(30, false), (31, true)])
  func `a probability is left out where many classes have none, and nowhere else`(
    count: Int, isLeftOut: Bool
  ) throws {
    let names = Self.classNames(count)
    let text = String(
      decoding: Self.predictions(classCount: count).csv(classNames: names), as: UTF8.self)
    #expect(text.contains(",,") == isLeftOut)
    var lines = text.split(separator: "\n").map(String.init)
    lines[1] = lines[1].replacing(/,0\.3[0-9]*/, with: ",")
    let damaged = Array(lines.joined(separator: "\n").utf8)
    if isLeftOut {
      let read = try TestPredictions(damaged, fileName: "predictions.csv", classNames: names)
      #expect(read.probabilities[0, 0] == 0)
    } else {
      let error = #expect(throws: DatasetError.self) {
        try TestPredictions(damaged, fileName: "predictions.csv", classNames: names)
      }
      #expect("\(try #require(error))".contains("expected a probability from 0 to 1, found \"\""))
    }
  }
}
