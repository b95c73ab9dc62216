import Classifiers
import Datasets

/// How much shuffling a model's permutation importances are worth.
///
/// The effort follows from estimates of costs and never from a clock, so that the same run gives the same
/// numbers on every machine.
struct PermutationEffort: Hashable, Sendable {
  /// How often each feature is shuffled; 0 for no permutation importances.
  let repeats: Int
  /// How many test rows take part.
  let rows: Int

  /// So often features are shuffled where that takes no more than the share of the run that is allowed.
  static let fullRepeats = 5
  /// The most that all models' importances may take by estimate, as a share of what the run takes without them.
  ///
  /// Measured, they take more beside the rest than by estimate: on the diamonds a fifth of the run's time.
  static let allowedShare = 0.145

  /// The test rows that take part, and for each repeat the row whose value each of them takes: what
  /// `permutation_importance(random_state=seed, max_samples=rows)` of scikit-learn draws, as long as
  /// they are at least one in a hundred. (scikit-learn then still compares with the accuracy over all
  /// rows; ours is compared over the rows that take part.)
  func draws(testRows: Int, seed: UInt32) -> (rows: [Int], orders: [[Int]]) {
    var seeds = MersenneTwister(seed: seed)
    var twister = MersenneTwister(seed: seeds.next(upTo: .max >> 1))
    let chosen =
      rows < testRows ? Array(twister.permutation(testRows).prefix(rows)) : Array(0..<testRows)
    // There, each repeat shuffles the order of the one before, and by it the values that that one left.
    var (order, sources) = (Array(0..<rows), Array(0..<rows))
    let orders = (0..<repeats).map { _ in
      order = twister.permutation(rows).map { order[$0] }
      sources = order.map { sources[$0] }
      return sources
    }
    return (chosen, orders)
  }

  /// The efforts for a run's models: five repeats of all test rows, and less for those that would take more than their
  /// part of what is allowed. They are first shuffled less often, which costs least precision, then fewer rows take
  /// part.
  ///
  /// - Parameter trainingRows: of the rows that models are fitted to.
  static func efforts(
    for models: [any Classifier], trainingRows: Int, testRows: Int, features: Int, classes: Int
  ) -> [PermutationEffort] {
    func size(testRows: Int) -> DataSize {
      DataSize(
        trainingRows: trainingRows, testRows: testRows, features: features, classes: classes)
    }
    let rowCount = trainingRows + testRows
    // To start, to read and prepare the table, and to judge and write; then to fit, and to predict all rows.
    let run = models.reduce(0.15 + Double(rowCount * features) * 60e-9) {
      $0 + $1.estimatedSeconds(for: size(testRows: rowCount))
    }
    var allowed = allowedShare * run
    let costs = models.map { Double(features) * $0.shufflingSeconds(for: size(testRows: testRows)) }
    var efforts = models.map { _ in PermutationEffort(repeats: fullRepeats, rows: testRows) }
    // What cheap models leave over is for the others.
    let order = costs.indices.sorted { (costs[$0], $0) < (costs[$1], $1) }
    for (place, model) in order.enumerated() {
      let repeats = allowed / Double(order.count - place) / costs[model]
      if repeats < Double(fullRepeats) {
        efforts[model] = PermutationEffort(
          repeats: max(1, Int(repeats)), rows: max(1, Int(min(1, repeats) * Double(testRows))))
      }
      let (made, rows) = (efforts[model].repeats, efforts[model].rows)
      allowed -= costs[model] * Double(made) * Double(rows) / Double(testRows)
    }
    return efforts
  }
}
