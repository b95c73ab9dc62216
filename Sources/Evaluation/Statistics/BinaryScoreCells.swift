import LinearAlgebra

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Every metric of two classes, from samples that share a cell when score, class and prediction agree.
///
/// A forest of a hundred trees gives about a hundred different scores, and each is a cell of its own.
/// Where there are more than ``mostScores``, neighbouring scores share a cell: samples within it keep
/// the share of pairs in the right order, and the mean loss, that they have in the data. What that
/// takes from the spread of the resampled values is less than their own chance error; see
/// `docs/statistics.md`.
struct BinaryScoreCells: CellStatistic {
  /// Up to that many scores have cells of their own.
  static let mostScores = 256

  static let metrics = ConfusionCells.metrics + [.rocAUC, .logLoss]

  private(set) var counts: [Int] = []
  /// What each sample of a cell adds to the sums: 1 or 0 for a positive one, for a negative one taken
  /// for positive, and for a positive one taken for positive; then the mean loss of the cell's samples.
  private var terms: [SIMD4<Double>] = []
  /// Per group of scores, ascending: the cell after its last, and the share of its pairs that are in
  /// the right order.
  private var groups: [(end: Int, orderedShare: Double)] = []

  /// - Parameters:
  ///   - actual: the true class of each sample.
  ///   - predicted: the class that was predicted for it.
  ///   - probabilities: one row per sample, two columns.
  init(actual: [Int], predicted: [Int], probabilities: Matrix) {
    let order = ScoreOrder((0..<actual.count).map { probabilities[$0, 1] })
    var group: [Range<Int>] = []
    let cuts = ScoreGroups(order)
    order.forEachTie { tie in
      if let first = group.first, cuts.separates(first.lowerBound, tie.lowerBound) {
        append(group, order, actual, predicted, probabilities)
        group = []
      }
      group.append(tie)
    }
    append(group, order, actual, predicted, probabilities)
  }

  /// Adds the cells of one group of scores.
  private mutating func append(
    _ group: [Range<Int>], _ order: ScoreOrder, _ actual: [Int], _ predicted: [Int],
    _ probabilities: Matrix
  ) {
    var counts = [0, 0, 0, 0]
    var losses = [0.0, 0.0, 0.0, 0.0]
    var orderedPairs = 0.0
    var negativesBelow = 0.0
    for tie in group {
      var tied = (negatives: 0.0, positives: 0.0)
      for place in tie {
        let sample = Int(order.samples[place])
        let kind = actual[sample] * 2 + predicted[sample]
        counts[kind] += 1
        losses[kind] += LogLoss.of(probabilities[sample, actual[sample]])
        if actual[sample] == 1 { tied.positives += 1 } else { tied.negatives += 1 }
      }
      orderedPairs += tied.positives * (negativesBelow + tied.negatives / 2)
      negativesBelow += tied.negatives
    }
    let pairs = Double((counts[0] + counts[1]) * (counts[2] + counts[3]))
    for kind in 0..<4 where counts[kind] > 0 {
      self.counts.append(counts[kind])
      terms.append(
        SIMD4(
          kind >= 2 ? 1 : 0, kind == 1 ? 1 : 0, kind == 3 ? 1 : 0,
          losses[kind] / Double(counts[kind])))
    }
    groups.append((self.counts.count, pairs > 0 ? orderedPairs / pairs : 0))
  }

  var valueCount: Int { Self.metrics.count }

  func evaluate(_ counts: UnsafePointer<Int32>, into values: UnsafeMutablePointer<Double>) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 6) { sums in
      guard let sums = sums.baseAddress else { return }
      sums.initialize(repeating: 0, count: 6)
      let (orderedPairs, total, sum) = sum(counts)
      let (hits, sizes, guesses) = (sums, sums + 2, sums + 4)
      sizes[0] = total - sum[0]
      sizes[1] = sum[0]
      hits[0] = sizes[0] - sum[1]
      hits[1] = sum[2]
      guesses[1] = sum[1] + sum[2]
      guesses[0] = total - guesses[1]
      ConfusionMeasures.write(
        hits: hits, sizes: sizes, guesses: guesses, classCount: 2, into: values)
      let pairs = sizes[0] * sizes[1]
      values[10] = pairs > 0 ? orderedPairs / pairs : .nan
      values[11] = sum[3] / total
    }
  }

  /// Sums up the pairs that are in the right order, the samples, and their terms.
  private func sum(
    _ counts: UnsafePointer<Int32>
  ) -> (orderedPairs: Double, total: Double, sum: SIMD4<Double>) {
    terms.withUnsafeBufferPointer { terms in
      var orderedPairs = 0.0
      var total = 0.0
      var sum = SIMD4<Double>()
      var cell = 0
      for group in groups {
        let (totalBelow, positivesBelow) = (total, sum[0])
        while cell < group.end {
          let count = Double(counts[cell])
          total += count
          sum += terms[cell] * count
          cell += 1
        }
        let positives = sum[0] - positivesBelow
        let negatives = total - totalBelow - positives
        orderedPairs +=
          positives * (totalBelow - positivesBelow + group.orderedShare * negatives)
      }
      return (orderedPairs, total, sum)
    }
  }
}

/// Which neighbouring scores share a cell where there are too many of them.
///
/// Cells are cut where a certain number of samples is reached, and where the logarithm of the odds has
/// gone half a unit on, so that the few samples with large losses are not thrown together.
private struct ScoreGroups {
  private static let rankCuts = 160
  private static let oddsWidth = 0.5

  private let order: ScoreOrder
  private let keepsAll: Bool

  init(_ order: ScoreOrder) {
    self.order = order
    var distinct = 0
    order.forEachTie { _ in distinct += 1 }
    keepsAll = distinct <= BinaryScoreCells.mostScores
  }

  /// Whether the scores at two places are to be in different groups.
  func separates(_ first: Int, _ second: Int) -> Bool {
    if keepsAll { return true }
    let count = order.scores.count
    return first * Self.rankCuts / count != second * Self.rankCuts / count
      || oddsBand(order.scores[first]) != oddsBand(order.scores[second])
  }

  private func oddsBand(_ score: Double) -> Double {
    ((LogLoss.of(1 - score) - LogLoss.of(score)) / Self.oddsWidth).rounded(.down)
  }
}

/// The loss of one sample.
enum LogLoss {
  /// The negative logarithm of the probability given to the true class, which is kept away from 0 and
  /// 1 by the precision of a Double.
  static func of(_ probability: Double) -> Double {
    -log(min(max(probability, Double.ulpOfOne), 1 - Double.ulpOfOne))
  }
}
