import LinearAlgebra

/// How a number is distributed in each class: counts over equally wide bins.
///
/// The bins' width is 1, 2 or 5 times a power of ten, and no finer than the numbers are written, so that
/// each bin holds as many possible numbers as the next. They lie about the 0.5 % and the 99.5 %
/// quantile, so that a few outliers do not press all others into one bin; the outermost bins hold what
/// lies beyond, too.
public struct ClassHistogram: Hashable, Sendable {
  /// The bins' borders, one more than there are bins.
  public let edges: [Double]
  /// `counts[class][bin]`.
  public let counts: [[Int]]

  /// About how many bins are wanted.
  private static let binCount = 20

  /// - Parameters:
  ///   - values: finite numbers.
  ///   - labels: the class of each.
  public init(values: [Double], labels: [Int], classCount: Int) {
    precondition(values.count == labels.count, "one label per value")
    let edges = Self.edges(of: values)
    let binCount = edges.count - 1
    // Halves, since the distance between two finite numbers may be none.
    let halfWidth = edges[binCount] / 2 - edges[0] / 2
    var flat = [Int](repeating: 0, count: classCount * binCount)
    for (value, label) in zip(values, labels) {
      let share = (value / 2 - edges[0] / 2) / halfWidth
      let place = min(max(share * Double(binCount), 0), Double(binCount - 1))
      flat[label * binCount + Int(place)] += 1
    }
    self.edges = edges
    counts = (0..<classCount).map { Array(flat[$0 * binCount..<($0 + 1) * binCount]) }
  }

  private static func edges(of values: [Double]) -> [Double] {
    guard let first = values.first else { return [0, 1] }
    // Where values are many, some thousand are enough to find quantiles by.
    let stride = max(1, values.count / 4096)
    let sorted = Swift.stride(from: 0, to: values.count, by: stride).map { values[$0] }.ascending
    let tail = sorted.count / 200
    var low = sorted[tail]
    var high = sorted[sorted.count - 1 - tail]
    if low >= high { (low, high) = (values.min() ?? first, values.max() ?? first) }
    guard low < high else {
      let margin = max(0.5, low.ulp)
      return [
        max(low - margin, -.greatestFiniteMagnitude), min(low + margin, .greatestFiniteMagnitude),
      ]
    }
    guard (high - low).isFinite else { return [low, high] }
    let unit = unit(of: sorted, upTo: high - low)
    let width = max(niceWidth((high - low) / Double(binCount)), unit ?? 0)
    // A bin begins half a unit below the first number that belongs to it.
    let shift = (unit ?? 0) / 2
    let firstBin = ((low + shift) / width + 1e-9).rounded(.down)
    let count = Int(((high + shift) / width + 1e-9).rounded(.down) - firstBin) + 1
    guard count >= 1, count <= 4 * binCount else { return [low, high] }
    return (0...count).map { (firstBin + Double($0)) * width - shift }
  }

  /// The largest power of ten, up to a limit, that nearly all values are multiples of; `nil` where there
  /// is none.
  private static func unit(of values: [Double], upTo limit: Double) -> Double? {
    let sample = Swift.stride(from: 0, to: values.count, by: max(1, values.count / 512))
      .map { values[$0] }
    for exponent in stride(from: 6, through: -6, by: -1) {
      let unit = power(exponent)
      guard unit <= limit else { continue }
      var multiples = 0
      for value in sample {
        let quotient = exponent < 0 ? value * power(-exponent) : value / unit
        let rest = abs(quotient - quotient.rounded())
        // What is near zero is a multiple only when it is zero.
        if rest <= 1e-6 * min(1, abs(quotient)) { multiples += 1 }
      }
      if multiples * 20 >= sample.count * 19 { return unit }
    }
    return nil
  }

  private static func power(_ exponent: Int) -> Double {
    var power = 1.0
    for _ in 0..<abs(exponent) { power *= 10 }
    return exponent < 0 ? 1 / power : power
  }

  /// 1, 2 or 5 times a power of ten, near a width.
  private static func niceWidth(_ width: Double) -> Double {
    var scale = 1.0
    while width / scale >= 10 { scale *= 10 }
    while width / scale < 1 { scale /= 10 }
    let share = width / scale
    return (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10) * scale
  }
}
