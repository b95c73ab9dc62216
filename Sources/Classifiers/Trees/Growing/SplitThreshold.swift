/// Thresholds between values.
enum SplitThreshold {
  /// The largest difference of values that scikit-learn's trees treat as equal.
  static let smallestGap: Float = 1e-7

  /// The threshold halfway between two neighbouring values.
  static func between(_ lower: Float, _ upper: Float) -> Double {
    Double(lower) / 2 + Double(upper) / 2
  }

  /// A random threshold between two of the ascending `values`; `nil` if these count as equal.
  ///
  /// - Returns: the threshold, and the rank of the highest value that is at most as large.
  static func random(
    _ random: inout SplitRandom, _ values: UnsafeBufferPointer<Float>, lowest: Int, highest: Int
  ) -> (value: Double, lastLeftRank: Int)? {
    let smallest = Double(values[lowest])
    let largest = Double(values[highest])
    if values[highest] <= values[lowest] + smallestGap { return nil }
    var threshold = random.next(from: smallest, to: largest)
    if threshold == largest { threshold = smallest }
    var lastLeft = lowest
    var end = highest
    while lastLeft < end {
      let middle = (lastLeft + end + 1) / 2
      if Double(values[middle]) <= threshold { lastLeft = middle } else { end = middle - 1 }
    }
    return (threshold, lastLeft)
  }
}
