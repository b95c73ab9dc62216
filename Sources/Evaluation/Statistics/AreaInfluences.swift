public import LinearAlgebra

/// An area under the ROC curve, with how much each sample has to do with it.
///
/// The area is the share of pairs of a positive and a negative sample in which the positive one has the
/// higher score, equal scores counted by half. A sample's influence is how far its own share of such
/// pairs is from the area, divided by the number of samples on its side. Beyond two classes, area and
/// influences are means over the classes, each against the rest.
public struct AreaInfluences: Hashable, Sendable {
  public let area: Double
  /// One number per sample; they sum to zero.
  public let influences: [Double]

  /// `nil` where a class has no sample, or all of them.
  ///
  /// - Parameters:
  ///   - actual: the true class of each sample.
  ///   - scores: one row per sample, one column per class.
  public init?(actual: [Int], scores: Matrix) {
    precondition(scores.rowCount == actual.count, "one row of scores per sample")
    let classes = scores.columnCount == 2 ? 1..<2 : 0..<scores.columnCount
    var area = 0.0
    var influences = [Double](repeating: 0, count: actual.count)
    for label in classes {
      let order = ScoreOrder((0..<scores.rowCount).map { scores[$0, label] })
      guard
        let part = order.addInfluences(
          isPositive: { actual[$0] == label }, weight: 1 / Double(classes.count), to: &influences)
      else { return nil }
      area += part / Double(classes.count)
    }
    self.area = area
    self.influences = influences
  }

  /// The variance of a sum of influences, when the classes' sizes are given and the samples of each
  /// class are resampled.
  static func variance(_ influences: [Double], actual: [Int]) -> Double {
    let classCount = (actual.max() ?? -1) + 1
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
    return sizes.indices.reduce(0) {
      sizes[$1] > 1 ? $0 + squares[$1] * sizes[$1] / (sizes[$1] - 1) : $0
    }
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

  /// Adds the samples' weighted influences and returns the area; `nil` where one side is empty.
  func addInfluences(
    isPositive: (Int) -> Bool, weight: Double, to influences: inout [Double]
  ) -> Double? {
    let positives = samples.reduce(0) { isPositive(Int($1)) ? $0 + 1 : $0 }
    let negatives = samples.count - positives
    guard positives > 0, negatives > 0 else { return nil }
    // The share of the other side that each sample is on the right side of.
    var shares = [Double](repeating: 0, count: samples.count)
    var positivesBelow = 0
    var negativesBelow = 0
    var area = 0.0
    forEachTie { tie in
      let tiedPositives = tie.reduce(0) { isPositive(Int(samples[$1])) ? $0 + 1 : $0 }
      let tiedNegatives = tie.count - tiedPositives
      let above =
        (Double(negativesBelow) + Double(tiedNegatives) / 2) / Double(negatives)
      let below =
        (Double(positives - positivesBelow - tiedPositives) + Double(tiedPositives) / 2)
        / Double(positives)
      for place in tie {
        shares[place] = isPositive(Int(samples[place])) ? above : below
      }
      area += above * Double(tiedPositives)
      positivesBelow += tiedPositives
      negativesBelow += tiedNegatives
    }
    area /= Double(positives)
    for (place, sample) in samples.enumerated() {
      let side = isPositive(Int(sample)) ? positives : negatives
      influences[Int(sample)] += weight * (shares[place] - area) / Double(side)
    }
    return area
  }
}
