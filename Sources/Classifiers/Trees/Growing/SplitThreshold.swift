/// Thresholds between values.
enum SplitThreshold {
  /// The largest difference of values that scikit-learn's trees treat as equal.
  static let smallestGap: Float = 1e-7

  /// The threshold halfway between two neighbouring values: infinity if `upper` stands for missing values.
  static func between(_ lower: Float, _ upper: Float) -> Double {
    Double(lower) / 2 + Double(upper) / 2
  }

  /// A random threshold between two of the ascending `values`; `nil` if the feature is constant.
  ///
  /// - Parameters:
  ///   - lowest: the rank of the node's smallest value.
  ///   - highest: that of its largest value; below `lowest` if all are missing.
  ///   - someMissing: whether samples of the node lack the feature.
  /// - Returns: the threshold, the rank of the highest value that is at most as large, and whether samples without
  ///   the feature go left.
  static func random(
    _ random: inout SplitRandom, _ values: UnsafeBufferPointer<Float>, lowest: Int, highest: Int,
    someMissing: Bool
  ) -> (value: Double, lastLeftRank: Int, missingGoesLeft: Bool?)? {
    guard lowest <= highest else { return nil }
    let smallest = Double(values[lowest])
    let largest = Double(values[highest])
    if !someMissing, values[highest] <= values[lowest] + smallestGap { return nil }
    var threshold = random.next(from: smallest, to: largest)
    let missingGoesLeft = someMissing ? random.next(in: 0..<2) == 1 : nil
    if threshold == largest { threshold = smallest }
    var lastLeft = lowest
    var end = highest
    while lastLeft < end {
      let middle = (lastLeft + end + 1) / 2
      if Double(values[middle]) <= threshold { lastLeft = middle } else { end = middle - 1 }
    }
    return (threshold, lastLeft, missingGoesLeft)
  }
}
