import LinearAlgebra

/// The mean area under the ROC curves of more than two classes, each sample a cell of its own.
///
/// - Complexity: O(*n·c*) per resample of *n* samples in *c* classes, so that it is for small tables.
struct AreaRows: CellStatistic {
  let counts: [Int]
  private let labels: [Int32]
  /// Per class: the samples by ascending score, and whether each is the last of equal scores.
  private let orders: [(samples: [Int32], endsTie: [Bool])]

  init(actual: [Int], scores: Matrix) {
    counts = [Int](repeating: 1, count: actual.count)
    labels = actual.map { Int32($0) }
    orders = (0..<scores.columnCount).map { label in
      let order = ScoreOrder((0..<scores.rowCount).map { scores[$0, label] })
      var ends = [Bool](repeating: false, count: actual.count)
      order.forEachTie { ends[$0.upperBound - 1] = true }
      return (order.samples, ends)
    }
  }

  var valueCount: Int { 1 }

  func evaluate(_ counts: UnsafePointer<Int32>, into values: UnsafeMutablePointer<Double>) {
    var areas = 0.0
    for (label, order) in orders.enumerated() {
      var pairs = 0.0
      var below = (positives: 0.0, negatives: 0.0)
      var tied = (positives: 0.0, negatives: 0.0)
      for place in 0..<labels.count {
        let sample = Int(order.samples[place])
        if Int(labels[sample]) == label {
          tied.positives += Double(counts[sample])
        } else {
          tied.negatives += Double(counts[sample])
        }
        guard order.endsTie[place] else { continue }
        pairs += tied.positives * (below.negatives + tied.negatives / 2)
        below.positives += tied.positives
        below.negatives += tied.negatives
        tied = (0, 0)
      }
      // 0 / 0 where a class was not drawn: the mean is not defined then.
      areas += pairs / (below.positives * below.negatives)
    }
    values[0] = areas / Double(orders.count)
  }
}
