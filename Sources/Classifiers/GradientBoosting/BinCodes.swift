/// How a feature's values become bins.
struct BinCodes: Sendable {
  private let codes: ThresholdCodes<Double>
  /// The categories, whose bins are their places; `nil` if values are numbers, whose bins are intervals.
  private let categories: [Double]?
  /// The bin of missing values, and of those that are no category.
  private let missingBin: UInt8

  /// - Parameters:
  ///   - thresholds: ascending and finite, at most 255; of a categorical feature the categories.
  ///   - missingBin: at most 255.
  init(_ thresholds: [Double], isCategorical: Bool, missingBin: Int) {
    codes = ThresholdCodes(thresholds, missingCode: missingBin)
    categories = isCategorical ? thresholds : nil
    self.missingBin = UInt8(missingBin)
  }

  /// Writes the bins of values that are `stride` numbers apart, `binStride` bytes apart.
  func write(
    _ values: UnsafePointer<Double>, stride: Int, count: Int, to bins: UnsafeMutablePointer<UInt8>,
    binStride: Int
  ) {
    codes.withCodes { code in
      for place in 0..<count {
        bins[place &* binStride] = UInt8(truncatingIfNeeded: code(values[place &* stride]))
      }
    }
    guard let categories else { return }
    for place in 0..<count {
      let bin = Int(bins[place &* binStride])
      if bin >= categories.count || categories[bin] != values[place &* stride] {
        bins[place &* binStride] = missingBin
      }
    }
  }
}
