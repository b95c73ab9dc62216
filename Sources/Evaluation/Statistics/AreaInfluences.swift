public import LinearAlgebra

/// An area under the ROC curve, with how much each sample has to do with it.
///
/// The area is the share of pairs of a positive and a negative sample in which the positive one has
/// the higher score, equal scores counted by half. A sample's influence is how far its own share of
/// such pairs is from the area, divided by the number of samples on its side. Beyond two classes,
/// area and influences are means over the classes, each against the rest.
public struct AreaInfluences: Hashable, Sendable {
  public let area: Double
  /// One number per sample; they sum to zero.
  public let influences: [Double]
  /// The parts of a mean: each class that is set against the rest, its area and the samples'
  /// influences on that. With two classes there is one, of the second.
  let classes: [Part]

  struct Part: Hashable, Sendable {
    let label: Int
    let area: Double
    let influences: [Double]
  }

  /// `nil` where a class has no sample, or all of them.
  ///
  /// - Parameters:
  ///   - actual: the true class of each sample.
  ///   - scores: one row per sample, one column per class.
  public init?(actual: [Int], scores: Matrix) {
    precondition(scores.rowCount == actual.count, "one row of scores per sample")
    let labels = scores.columnCount == 2 ? 1..<2 : 0..<scores.columnCount
    var classes: [Part] = []
    for label in labels {
      guard let part = ScoreOrder(scores.column(label)).influences({ actual[$0] == label }) else {
        return nil
      }
      classes.append(Part(label: label, area: part.area, influences: part.influences))
    }
    guard let first = classes.first else { return nil }
    let count = Double(classes.count)
    area = classes.reduce(0) { $0 + $1.area } / count
    influences =
      classes.count == 1
      ? first.influences
      : actual.indices.map { sample in
        classes.reduce(0) { $0 + $1.influences[sample] } / count
      }
    self.classes = classes
  }

  /// The variance of a sum of influences when the samples of each class are resampled and the
  /// classes' sizes stay, class by class.
  ///
  /// - Parameters:
  ///   - actual: the class of each sample.
  ///   - classCount: how many classes there are.
  /// - Returns: one number per class, 0 for one with fewer than two samples.
  static func variances(_ influences: [Double], actual: [Int], classCount: Int) -> [Double] {
    var sizes = [Double](repeating: 0, count: classCount)
    var sums = sizes
    var squares = sizes
    for (influence, label) in zip(influences, actual) {
      sizes[label] += 1
      sums[label] += influence
    }
    for (influence, label) in zip(influences, actual) {
      let rest = influence - sums[label] / sizes[label]
      squares[label] += rest * rest
    }
    return sizes.indices.map {
      sizes[$0] > 1 ? squares[$0] * sizes[$0] / (sizes[$0] - 1) : 0
    }
  }

  /// The area's interval: of two classes the wider of two, of more the mean of the classes'.
  ///
  /// - Parameter actual: the true class of each sample.
  func interval(
    actual: [Int], confidence: Double
  ) -> (interval: Interval, method: MetricInterval.Method) {
    let parts = classes.map { part in
      let sides = actual.map { $0 == part.label ? 1 : 0 }
      let positives = sides.reduce(0, +)
      let (interval, method) = AreaInterval.wider(
        part.area,
        variance: Self.variances(part.influences, actual: sides, classCount: 2).reduce(0, +),
        positives: positives, negatives: sides.count - positives, confidence: confidence)
      return (estimate: part.area, interval: interval, method: method)
    }
    guard parts.count > 1 else { return (parts[0].interval, parts[0].method) }
    let lengths = classes.map { part in
      part.influences.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    let interval = SquareAndAdd.mean(parts.map { ($0.estimate, $0.interval) }) { first, second in
      guard lengths[first] > 0, lengths[second] > 0 else { return 0 }
      let product = zip(classes[first].influences, classes[second].influences)
        .reduce(0) { $0 + $1.0 * $1.1 }
      // A negative correlation that few samples show would make the interval too narrow.
      return max(0, product / (lengths[first] * lengths[second]))
    }
    return (interval, .squareAndAdd)
  }
}

/// Samples by their scores.
struct ScoreOrder {
  /// Ascending.
  let scores: [Double]
  /// The sample that each of the scores is of.
  let samples: [Int32]

  init(_ scores: [Double]) {
    samples = scores.ascendingOrder
    self.scores = samples.map { scores[Int($0)] }
  }

  /// Calls `body` for every range of equal scores, ascending.
  func forEachTie(_ body: (Range<Int>) -> Void) {
    var start = 0
    while start < scores.count {
      var end = start + 1
      while end < scores.count, scores[end] == scores[start] { end += 1 }
      body(start..<end)
      start = end
    }
  }

  /// The area and the samples' influences on it; `nil` where one side is empty.
  func influences(_ isPositive: (Int) -> Bool) -> (area: Double, influences: [Double])? {
    let isPositive = samples.map { isPositive(Int($0)) }
    let positives = isPositive.count { $0 }
    let negatives = samples.count - positives
    guard positives > 0, negatives > 0 else { return nil }
    // The share of the other side that each sample is on the right side of.
    var shares = [Double](repeating: 0, count: samples.count)
    var positivesBelow = 0
    var negativesBelow = 0
    var area = 0.0
    forEachTie { tie in
      let tiedPositives = isPositive[tie].count { $0 }
      let tiedNegatives = tie.count - tiedPositives
      let above =
        (Double(negativesBelow) + Double(tiedNegatives) / 2) / Double(negatives)
      let below =
        (Double(positives - positivesBelow - tiedPositives) + Double(tiedPositives) / 2)
        / Double(positives)
      for place in tie { shares[place] = isPositive[place] ? above : below }
      area += above * Double(tiedPositives)
      positivesBelow += tiedPositives
      negativesBelow += tiedNegatives
    }
    area /= Double(positives)
    var influences = [Double](repeating: 0, count: samples.count)
    for (place, sample) in samples.enumerated() {
      influences[Int(sample)] =
        (shares[place] - area) / Double(isPositive[place] ? positives : negatives)
    }
    return (area, influences)
  }
}
