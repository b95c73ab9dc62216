public import LinearAlgebra

/// Rows in which one feature at a time has the values of other rows, as permutation importances predict them.
///
/// There is one prediction for each feature, order and row. Labels are listed in that order: those of the first feature
/// in its first order come first.
public struct ShuffledRows: Sendable {
  /// All rows as they are.
  let features: Matrix
  /// For each order, the row whose value each row takes.
  let orders: [[Int]]
  /// The label that the model predicts for each row as it is.
  let labels: [Int]
  /// The rows that are predicted.
  let rows: Range<Int>

  /// - Precondition: every order names a row for each row, and every row has a label.
  public init(_ features: Matrix, orders: [[Int]], labels: [Int], rows: Range<Int>) {
    precondition(
      labels.count == features.rowCount && orders.allSatisfy { $0.count == labels.count },
      "a label and a place in each order per row")
    self.features = features
    self.orders = orders
    self.labels = labels
    self.rows = rows
  }

  /// The rows that are predicted as they are.
  var ownRows: Matrix {
    rows.count == features.rowCount ? features : features.rows(Array(rows))
  }

  /// The label of every feature, order and row as if nothing were shuffled.
  var ownLabels: [Int32] {
    let own = labels[rows].map { Int32($0) }
    return (0..<features.columnCount * orders.count).flatMap { _ in own }
  }

  /// About how many numbers are predicted at once, so that all threads have work and memory is small.
  private static let batchSize = 1 << 20

  /// The labels by predicting every row whose value changes.
  ///
  /// - Parameter predictions: the class that the model predicts for each row.
  /// - Returns: one for each feature, order and row.
  public func labels(predictions: (Matrix) -> [Int]) -> [Int32] {
    var found = ownLabels
    var place = 0
    for feature in 0..<features.columnCount {
      for order in orders {
        for row in rows {
          let (value, own) = (features[order[row], feature], features[row, feature])
          // Two missing values are alike, too.
          if value != own, !(value.isNaN && own.isNaN) { found[place] = -1 }
          place += 1
        }
      }
    }
    return labels(settled: found, predictions: predictions)
  }

  /// The labels by predicting the rows whose label is −1.
  func labels(settled: [Int32], predictions: (Matrix) -> [Int]) -> [Int32] {
    var found = settled
    let width = features.columnCount
    var places: [Int] = []
    var elements: [Double] = []
    func predict() {
      let batch = Matrix(rowCount: places.count, columnCount: width, elements: elements)
      for (place, label) in zip(places, predictions(batch)) { found[place] = Int32(label) }
      places.removeAll(keepingCapacity: true)
      elements.removeAll(keepingCapacity: true)
    }
    for place in found.indices where found[place] < 0 {
      let (number, row) = (place / rows.count, rows.lowerBound + place % rows.count)
      let (feature, order) = (number / orders.count, number % orders.count)
      places.append(place)
      elements.append(contentsOf: features.row(row))
      elements[elements.count - width + feature] = features[orders[order][row], feature]
      if elements.count >= Self.batchSize { predict() }
    }
    if !places.isEmpty { predict() }
    return found
  }
}

extension ClassificationModel {
  public func labels(of shuffled: ShuffledRows, threshold: Double?, threads: Int) -> [Int32] {
    generalLabels(of: shuffled, threshold: threshold, threads: threads)
  }

  /// The labels that the probabilities give.
  func generalLabels(of shuffled: ShuffledRows, threshold: Double?, threads: Int) -> [Int32] {
    shuffled.labels {
      probabilities(for: $0, threads: threads).predictedLabels(threshold: threshold)
    }
  }
}
