public import LinearAlgebra

/// By how much accuracy falls when the values of one feature are shuffled among the samples.
///
/// With the permutations that numpy draws it equals scikit-learn's `permutation_importance`, in which
/// every feature is shuffled by the same permutations, each upon the result of the one before.
///
/// - SeeAlso: Breiman, "Random forests", 2001, doi:10.1023/A:1010933404324.
public struct PermutationImportance: Hashable, Sendable {
  /// `drops[feature][repeat]`: the accuracy before shuffling less the one after.
  public let drops: [[Double]]
  /// How far each feature's mean drop would vary with other samples: the standard error over the
  /// samples of their own mean drops.
  public let standardErrors: [Double]

  /// About how many samples are predicted at once, so that all threads have work and memory is small.
  private static let batchSize = 16_384

  /// - Parameters:
  ///   - features: one row per sample.
  ///   - labels: the true class of each sample.
  ///   - orders: the permutation of the samples for each repeat.
  ///   - predictions: the class that the model predicts for each row.
  /// - Complexity: predicts every sample once for each feature and repeat, and once more.
  public init(
    features: Matrix, labels: [Int], orders: [[Int]], predictions: (Matrix) -> [Int]
  ) {
    precondition(labels.count == features.rowCount, "one label per sample")
    precondition(orders.allSatisfy { $0.count == labels.count }, "one place per sample")
    let count = labels.count
    let before = zip(predictions(features), labels).map { $0 == $1 ? 1 : 0 }
    var places: [(feature: Int, order: Int)] = []
    for feature in 0..<features.columnCount {
      for order in orders.indices { places.append((feature, order)) }
    }
    // lost[feature][sample]: how many repeats turned a right prediction wrong, less the reverse.
    var lost = [[Int]](
      repeating: [Int](repeating: 0, count: count), count: features.columnCount)
    var drops = [[Double]](repeating: [], count: features.columnCount)
    let batch = max(1, Self.batchSize / max(1, count))
    var column: [Double] = []
    for start in stride(from: 0, to: places.count, by: batch) {
      let chosen = places[start..<min(start + batch, places.count)]
      var elements: [Double] = []
      elements.reserveCapacity(chosen.count * features.elements.count)
      for place in chosen {
        if place.order == 0 { column = features.column(place.feature) }
        column = orders[place.order].map { column[$0] }
        let first = elements.count + place.feature
        elements.append(contentsOf: features.elements)
        for (row, value) in column.enumerated() {
          elements[first + row * features.columnCount] = value
        }
      }
      let guesses = predictions(
        Matrix(
          rowCount: chosen.count * count, columnCount: features.columnCount, elements: elements))
      for (number, place) in chosen.enumerated() {
        var sum = 0
        for row in 0..<count {
          let loss = before[row] - (guesses[number * count + row] == labels[row] ? 1 : 0)
          lost[place.feature][row] += loss
          sum += loss
        }
        drops[place.feature].append(count == 0 ? 0 : Double(sum) / Double(count))
      }
    }
    self.drops = drops
    standardErrors = lost.map { Self.standardError($0, repeats: orders.count) }
  }

  private static func standardError(_ losses: [Int], repeats: Int) -> Double {
    guard losses.count > 1, repeats > 0 else { return 0 }
    let count = Double(losses.count)
    let mean = Double(losses.reduce(0, +)) / count
    let squares = losses.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return (squares / (count - 1) / count).squareRoot() / Double(repeats)
  }

  /// Each feature's mean drop.
  public var means: [Double] {
    drops.map { $0.isEmpty ? 0 : $0.reduce(0, +) / Double($0.count) }
  }

  /// Each feature's population standard deviation over the repeats.
  public var deviations: [Double] {
    zip(drops, means).map { drops, mean in
      guard !drops.isEmpty else { return 0 }
      let squares = drops.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / Double(drops.count)).squareRoot()
    }
  }
}
