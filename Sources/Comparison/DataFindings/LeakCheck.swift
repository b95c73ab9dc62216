import Classifiers
import Datasets
import LinearAlgebra
import Support

/// Columns of which one alone gives the class.
///
/// A small tree learns from the column alone. The column gives the class if the tree makes at most a fiftieth of
/// the mistakes that the most frequent class makes: an honest measurement that good is rare, while a column that
/// was written after the class was known always is. The tree is judged on the rows that it learnt from, all of the
/// table: it is too small to learn them by heart, and rows that lie between two leaves count for nothing else.
enum LeakCheck {
  private static let baselineShare = 50
  /// Where the most frequent class makes fewer mistakes than this, chance may find a rule without any.
  private static let leastMistakes = 10
  /// Most columns are far from it, which a few rows show.
  private static let sampleSize = 500

  @Sendable static func findings(in table: ExaminedTable) -> [DataFinding] {
    let rows = table.training + table.test
    let baseline = baselineMistakes(rows, table)
    guard baseline >= leastMistakes else { return [] }
    let found = table.columns.compactMap { column -> (name: String, mistakes: Int)? in
      guard mayGiveClass(column, rows, table), let mistakes = mistakes(of: column, rows, table),
        mistakes * baselineShare <= baseline
      else { return nil }
      return (column.name, mistakes)
    }
    guard let most = found.map(\.mistakes).max() else { return [] }
    let names = found.map(\.name)
    return [
      DataFinding(
        .leak, .severe, columns: names,
        found:
          "\(columnList(names)) \(names.count == 1 ? "alone gives" : "each alone give") the class "
          + "of \(NumberText.grouped(rows.count - most)) of \(rowText(rows.count))",
        meaning:
          "Nearly no measurement is that good. Often such a column was written after the class "
          + "was known, or stands for it, or follows the order of a sorted table: new rows do not "
          + "have it.",
        advice: leaveOut(names) + ", unless it is known before the class is")
    ]
  }

  /// Whether a sample leaves it possible that a column gives the class.
  private static func mayGiveClass(
    _ column: ExaminedTable.Column, _ rows: [Int], _ table: ExaminedTable
  ) -> Bool {
    guard rows.count > 2 * sampleSize else { return true }
    let sample = ExaminedTable.sample(of: rows, sampleSize)
    guard let mistakes = mistakes(of: column, sample, table) else { return true }
    // Three times the allowed share, and some for chance.
    return mistakes <= 3 * baselineMistakes(sample, table) / baselineShare + 5
  }

  /// How often the most frequent class of some rows is wrong about them.
  private static func baselineMistakes(_ rows: [Int], _ table: ExaminedTable) -> Int {
    var counts = [Int](repeating: 0, count: table.classNames.count)
    for row in rows { counts[table.labels[row]] += 1 }
    return rows.count - (counts.max() ?? 0)
  }

  /// How often a small tree is wrong about the rows that it learns from a column alone; `nil` if none can be grown.
  ///
  /// A leaf for each class is enough for a column that follows the order of a sorted table. Where values are
  /// few, each may have a leaf of its own: with five rows per value and more, that is no learning by heart.
  private static func mistakes(
    of column: ExaminedTable.Column, _ rows: [Int], _ table: ExaminedTable
  ) -> Int? {
    let known = rows.map { column.values[$0] }
    // Missing numbers are a value of their own, below all others.
    let low = (known.lazy.filter { !$0.isNaN }.min() ?? 0) - 1
    let data = Dataset(
      features: Matrix(
        rowCount: rows.count, columnCount: 1, elements: known.map { $0.isNaN ? low : $0 }),
      labels: rows.map { table.labels[$0] }, featureNames: [column.name],
      classNames: table.classNames)
    var tree = DecisionTree()
    if !hasFewValues(column, limit: rows.count / 5) {
      tree.parameters.maximumLeafCount = table.classNames.count
    }
    guard let model = try? tree.fit(data, threads: 1) else { return nil }
    return zip(model.probabilities(for: data.features, threads: 1).rowArgMax(), data.labels)
      .count { $0 != $1 }
  }

  private static func hasFewValues(_ column: ExaminedTable.Column, limit: Int) -> Bool {
    if let words = column.words { return words.count <= limit }
    var seen: Set<Double> = []
    return column.values.allSatisfy { !seen.insert($0).inserted || seen.count <= limit }
  }
}
