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

  /// A thread predicts at most about so many numbers at once, so that memory is small.
  private static let batchSize = 1 << 19

  /// The labels by predicting every row whose value changes.
  ///
  /// - Parameter predictions: the class that the model predicts for each row, on one thread.
  /// - Returns: one for each feature, order and row.
  public func labels(
    threads: Int, predictions: @Sendable (Matrix) -> [Int]
  ) -> [Int32] {
    labels(settled: ownLabels, threads: threads, predictions: predictions) { feature, row, source in
      let (value, own) = (features[source, feature], features[row, feature])
      // Two missing values are alike, too.
      return value != own && !(value.isNaN && own.isNaN)
    }
  }

  /// The labels by predicting the rows whose label is −1.
  func labels(
    settled: [Int32], threads: Int, predictions: @Sendable (Matrix) -> [Int]
  ) -> [Int32] {
    labels(settled: settled, threads: threads, predictions: predictions) { _, _, _ in false }
  }

  /// - Parameter isUnsettled: whether to predict a row, where its label is not −1, when its feature has the value of
  ///   another.
  @inline(__always)
  private func labels(
    settled: [Int32], threads: Int, predictions: @Sendable (Matrix) -> [Int],
    isUnsettled: @Sendable (_ feature: Int, _ row: Int, _ source: Int) -> Bool
  ) -> [Int32] {
    var found = settled
    let width = features.columnCount
    let size = max(1, min(Self.batchSize / max(1, width), (found.count + threads - 1) / threads))
    found.withUnsafeMutableBufferPointer { found in
      nonisolated(unsafe) let found = found
      Parallelism.forEach((found.count + size - 1) / size, threads: threads) { batch, _ in
        var places: [Int] = []
        var elements: [Double] = []
        for place in batch * size..<min(found.count, (batch + 1) * size) {
          let (number, row) = (place / rows.count, rows.lowerBound + place % rows.count)
          let feature = number / orders.count
          let source = orders[number % orders.count][row]
          guard found[place] < 0 || isUnsettled(feature, row, source) else { continue }
          places.append(place)
          elements.append(contentsOf: features.row(row))
          elements[elements.count - width + feature] = features[source, feature]
        }
        if places.isEmpty { return }
        let batch = Matrix(rowCount: places.count, columnCount: width, elements: elements)
        for (place, label) in zip(places, predictions(batch)) { found[place] = Int32(label) }
      }
    }
    return found
  }
}

extension ClassificationModel {
  public func labels(of shuffled: ShuffledRows, threshold: Double?, threads: Int) -> [Int32] {
    generalLabels(of: shuffled, threshold: threshold, threads: threads)
  }

  /// The labels that the probabilities give.
  func generalLabels(of shuffled: ShuffledRows, threshold: Double?, threads: Int) -> [Int32] {
    shuffled.labels(threads: threads) {
      probabilities(for: $0, threads: 1).predictedLabels(threshold: threshold)
    }
  }
}
