import Datasets
import LinearAlgebra

/// The bins of one feature: a value's bin is the number of thresholds below it, or the place of a category. Missing values
/// have the bin after those of all values.
struct FeatureBins: Hashable, Sendable {
  /// The highest threshold; the bin above it has larger values, and infinity.
  private static let highest = 1e300
  /// With more rows, thresholds are those of so many of them, drawn with replacement.
  static let rowLimit = 200_000

  /// Ascending and finite; of a categorical feature the categories.
  let thresholds: [Double]
  let isCategorical: Bool

  /// The number of bins of values.
  var count: Int { thresholds.count + (isCategorical ? 0 : 1) }
  var missingBin: Int { count }
  var codes: BinCodes {
    BinCodes(thresholds, isCategorical: isCategorical, missingBin: missingBin)
  }

  init(thresholds: [Double]) {
    self.thresholds = thresholds
    isCategorical = false
  }

  /// - Parameter categories: ascending.
  init(categories: [Double]) {
    thresholds = categories
    isCategorical = true
  }

  /// The bins of values: midpoints between distinct ones if these are few, otherwise quantiles.
  ///
  /// - Parameters:
  ///   - weights: a weight per value; `nil` if all are one.
  ///   - limit: the most bins.
  init(of values: [Double], weights: [Double]?, limit: Int) {
    let known = values.indices.filter { !values[$0].isNaN }
    let order = known.map { values[$0] }.ascendingOrder.map { known[Int($0)] }
    let sorted = order.map { values[$0] + 0 }
    var distinct: [Double] = []
    for value in sorted where value != distinct.last { distinct.append(value) }
    let borders: [Double]
    if distinct.count <= limit {
      borders = zip(distinct, distinct.dropFirst()).map { ($0 + $1) / 2 }
    } else if let weights {
      borders = Self.quantiles(sorted, weights: order.map { weights[$0] }, count: limit)
    } else {
      borders = Self.quantiles(sorted, count: limit)
    }
    var thresholds: [Double] = []
    for border in borders.map({ min($0, Self.highest) }) where border != thresholds.last {
      thresholds.append(border)
    }
    self.init(thresholds: thresholds)
  }

  /// The values that divide sorted ones into so many parts, as numpy's `percentile` finds them with the method
  /// `averaged_inverted_cdf`: where a value is exactly on the border, the mean of it and the next one.
  private static func quantiles(_ sorted: [Double], count: Int) -> [Double] {
    percentiles(count).map { percentile in
      let place = Double(sorted.count) * (percentile / 100) - 1
      let before = place.rounded(.down)
      let (low, high) = (sorted[Int(before)], sorted[Int(before) + 1])
      return high - (high - low) * (place == before ? 0.5 : 0)
    }
  }

  /// The same for weighted values, as scikit-learn finds it.
  private static func quantiles(
    _ sorted: [Double], weights: [Double], count: Int
  ) -> [Double] {
    var total = 0.0
    let sums = weights.map { weight in
      total += weight
      return total
    }
    var index = 0
    return percentiles(count).map { percentile in
      let share = percentile / 100 * total
      while index < sums.count - 1, sums[index] < share { index += 1 }
      if sums[index] - share > Double.ulpOfOne { return sorted[index] }
      return (sorted[index] + sorted[min(index + 1, sorted.count - 1)]) / 2
    }
  }

  /// The borders of so many equal parts of a hundred.
  private static func percentiles(_ count: Int) -> [Double] {
    let step = 100 / Double(count)
    return (1..<count).map { Double($0) * step }
  }
}
