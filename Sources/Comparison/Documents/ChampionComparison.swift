public import Evaluation
public import LinearAlgebra
public import ModelFiles
import Support

/// Whether a new model is to take the place of the one in use: both judged on the same test rows.
///
/// It is when it is better by the metric, and by McNemar's test the two differ in how often they
/// are wrong (p < 0.05).
public struct ChampionComparison: Sendable {
  public static let significance = 0.05

  public let metric: Metric
  /// The metric of the model in use, and of the new one; `nil` where it is not defined.
  public let champion: Double?
  public let challenger: Double?
  /// How many rows both, only one, or neither predicted rightly.
  public let bothRight: Int
  public let onlyChampion: Int
  public let onlyChallenger: Int
  public let bothWrong: Int
  public let test: McNemarTest

  /// - Parameters:
  ///   - champion: the probabilities of the model in use for the rows, in the order of its classes.
  ///   - championClasses: its classes, which must be those of the new model in any order.
  /// - Returns: `nil` where the two do not predict the same classes.
  public init?(
    by metric: Metric, classNames: [String], challenger: TestPredictions, champion: Matrix,
    championClasses: [String]
  ) {
    let order = classNames.compactMap { name in
      championClasses.firstIndex { $0.unicodeScalars.elementsEqual(name.unicodeScalars) }
    }
    guard order.count == classNames.count, championClasses.count == classNames.count else {
      return nil
    }
    let actual = challenger.actual
    // Which class wins a tie is the model's own order's to say.
    let places = champion.rowArgMax()
    let predicted = places.map { place in order.firstIndex(of: place) ?? 0 }
    var elements: [Double] = []
    elements.reserveCapacity(actual.count * order.count)
    for row in 0..<champion.rowCount {
      let shares = champion.row(row)
      for place in order { elements.append(shares[shares.startIndex + place]) }
    }
    func value(_ predicted: [Int], _ probabilities: Matrix) -> Double? {
      ClassificationReport(
        actual: actual, predicted: predicted, probabilities: probabilities, classNames: classNames)[
          metric]
    }
    self.metric = metric
    self.champion = value(
      predicted,
      Matrix(rowCount: actual.count, columnCount: order.count, elements: elements))
    self.challenger = value(challenger.predicted, challenger.probabilities)
    var counts = [0, 0, 0, 0]
    for index in actual.indices {
      let championIsRight = predicted[index] == actual[index]
      let challengerIsRight = challenger.predicted[index] == actual[index]
      counts[(championIsRight ? 0 : 2) + (challengerIsRight ? 0 : 1)] += 1
    }
    bothRight = counts[0]
    onlyChampion = counts[1]
    onlyChallenger = counts[2]
    bothWrong = counts[3]
    test = McNemarTest(firstOnly: onlyChallenger, secondOnly: onlyChampion)
  }

  /// Whether the metric is better.
  public var isBetter: Bool {
    guard let challenger else { return false }
    guard let champion else { return true }
    return metric.higherIsBetter ? challenger > champion : challenger < champion
  }

  public var isPromoted: Bool { isBetter && test.p < Self.significance }

  /// Both values, the 2 × 2 table and the test, in lines.
  public func lines(champion: String, challenger: String) -> [String] {
    func shown(_ value: Double?) -> String {
      value.map { NumberText.plain($0, digits: 4) } ?? "not defined"
    }
    let total = bothRight + onlyChampion + onlyChallenger + bothWrong
    let rows = [
      ["", "\(challenger) right", "\(challenger) wrong"],
      ["\(champion) right", "\(bothRight)", "\(onlyChampion)"],
      ["\(champion) wrong", "\(onlyChallenger)", "\(bothWrong)"],
    ]
    let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
    let table = rows.map { row in
      zip(row, widths).enumerated().map { index, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return index == 0 ? cell.0 + space : space + cell.0
      }.joined(separator: "   ")
    }
    let p = NumberText.pValue(test.p)
    return [
      "\(metric.title) on the \(total) test rows: \(champion) \(shown(self.champion)), "
        + "\(challenger) \(shown(self.challenger))"
    ] + table + ["McNemar's test: \(p)"]
  }

  /// Why the new model is or is not promoted, in a sentence.
  public var reason: String {
    if isPromoted {
      return "it is better, and a lead this large would be rare if both were equal (p < 0.05)"
    }
    if !isBetter { return "it is not better by \(metric.rawValue)" }
    return "its lead is within what chance can do (p ≥ 0.05)"
  }
}

extension ModelDescription.TrainingData {
  /// Why a model that learned from these rows may have seen some of another split's test rows;
  /// `nil` where it has not.
  public func sawTestRows(of other: Self) -> String? {
    if sha256 != other.sha256 { return "another file (\(fileName), SHA-256 \(sha256.prefix(12))…)" }
    if seed != other.seed { return "another train/test split (seed \(seed))" }
    if testFraction != other.testFraction {
      return "another train/test split (test fraction \(testFraction))"
    }
    return nil
  }
}
