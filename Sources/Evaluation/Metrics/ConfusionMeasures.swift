/// The formulas of the metrics that follow from a confusion matrix, on plain memory.
enum ConfusionMeasures {
  /// In the order in which they are written.
  static let metrics: [Metric] = [
    .accuracy, .precision, .recall, .f1, .balancedAccuracy, .matthewsCorrelation, .cohenKappa,
    .weightedPrecision, .weightedRecall, .weightedF1,
  ]

  /// The metrics of the counts, a ratio whose denominator is zero counted as 0.
  static func values(_ matrix: ConfusionMatrix) -> MetricValues<Double> {
    values(matrix.counts.map { $0.map(Double.init) })
  }

  /// The same of counts that need not be whole.
  static func values(_ counts: [[Double]]) -> MetricValues<Double> {
    var values = [Double](repeating: 0, count: metrics.count)
    write(
      hits: counts.indices.map { counts[$0][$0] }, sizes: counts.map { $0.reduce(0, +) },
      guesses: counts.indices.map { column in counts.reduce(0) { $0 + $1[column] } },
      classCount: counts.count, into: &values)
    var result = MetricValues<Double>()
    for (metric, value) in zip(metrics, values) { result[metric] = value }
    return result
  }

  /// Writes ``metrics``.
  ///
  /// - Parameters:
  ///   - hits: how many samples of each class were predicted to be of it.
  ///   - sizes: how many samples each class has.
  ///   - guesses: how many samples were predicted to be of each class.
  static func write(
    hits: UnsafePointer<Double>, sizes: UnsafePointer<Double>, guesses: UnsafePointer<Double>,
    classCount: Int, into values: UnsafeMutablePointer<Double>
  ) {
    var total = 0.0
    var correct = 0.0
    var products = 0.0
    var sizeSquares = 0.0
    var guessSquares = 0.0
    var recalls = 0.0
    var occurring = 0.0
    var counted = 0.0
    var plain = (precision: 0.0, recall: 0.0, f1: 0.0)
    var weighted = (precision: 0.0, recall: 0.0, f1: 0.0)
    for label in 0..<classCount {
      let (hit, size, guess) = (hits[label], sizes[label], guesses[label])
      total += size
      correct += hit
      products += size * guess
      sizeSquares += size * size
      guessSquares += guess * guess
      let precision = ratio(hit, guess)
      let recall = ratio(hit, size)
      let f1 = ratio(2 * hit, size + guess)
      if size > 0 {
        recalls += recall
        occurring += 1
      }
      if size + guess > 0 { counted += 1 }
      if classCount != 2 || label == 1 {
        plain.precision += precision
        plain.recall += recall
        plain.f1 += f1
      }
      weighted.precision += size * precision
      weighted.recall += size * recall
      weighted.f1 += size * f1
    }
    let terms = classCount == 2 ? 1 : counted
    values[0] = ratio(correct, total)
    values[1] = ratio(plain.precision, terms)
    values[2] = ratio(plain.recall, terms)
    values[3] = ratio(plain.f1, terms)
    values[4] = ratio(recalls, occurring)
    values[5] = ratio(
      correct * total - products,
      ((total * total - guessSquares) * (total * total - sizeSquares)).squareRoot())
    let expectedMisses = total * total - products
    values[6] = expectedMisses == 0 ? 0 : 1 - (total - correct) * total / expectedMisses
    values[7] = ratio(weighted.precision, total)
    values[8] = ratio(weighted.recall, total)
    values[9] = ratio(weighted.f1, total)
  }

  /// A ratio; 0 where the denominator is.
  private static func ratio(_ numerator: Double, _ denominator: Double) -> Double {
    denominator == 0 ? 0 : numerator / denominator
  }
}
