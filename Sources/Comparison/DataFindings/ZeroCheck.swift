import Support

/// Zeros that may stand for a missing value: a few, in a column of positive numbers that otherwise stay away from 0.
enum ZeroCheck {
  /// More are a value of their own, such as no rain.
  private static let largestShare = 0.05
  /// Fewer are a scale.
  private static let leastValues = 20
  private static let sampleSize = 1000

  @Sendable static func findings(in table: ExaminedTable) -> [DataFinding] {
    let found = table.columns.compactMap { column in
      suspiciousZeros(in: column).map { (name: column.name, count: $0) }
    }
    guard let first = found.first else { return [] }
    let others = found.dropFirst().prefix(5).map { ", \"\($0.name)\" in \($0.count)" }
    return [
      DataFinding(
        .suspiciousZeros, .note, columns: found.map(\.name),
        found: "column \"\(first.name)\" is 0 in \(rowText(first.count))\(others.joined())"
          + (found.count > 6 ? " and \(found.count - 6) others" : "")
          + ", and far from 0 in all others",
        meaning:
          "Where all other values are far from 0, a zero often says that nothing was measured. Models "
          + "take it for the smallest value.",
        advice: "if 0 means that there is no value, empty these cells or remove the rows")
    ]
  }

  /// How many zeros there are, if they are suspicious: fewer values than zeros lie between 0 and half of the
  /// median. Whatever comes near to 0 by chance, such as counts, has more there.
  private static func suspiciousZeros(in column: ExaminedTable.Column) -> Int? {
    guard column.words == nil else { return nil }
    let (zeros, hasNegative) = column.values.withUnsafeBufferPointer { values in
      var (zeros, negatives) = (0, 0)
      for value in values {
        zeros &+= value == 0 ? 1 : 0
        negatives &+= value < 0 ? 1 : 0
      }
      return (zeros, negatives > 0)
    }
    guard zeros > 0, !hasNegative, Double(zeros) < largestShare * Double(column.values.count)
    else { return nil }
    let rows = ExaminedTable.sample(of: Array(column.values.indices), sampleSize)
    let sample = rows.map { column.values[$0] }.filter { $0 > 0 }.sorted()
    guard !sample.isEmpty, Set(sample).count >= leastValues else { return nil }
    let half = sample[sample.count / 2] / 2
    let near = column.values.count { $0 > 0 && $0 <= half }
    return near < zeros ? zeros : nil
  }
}
