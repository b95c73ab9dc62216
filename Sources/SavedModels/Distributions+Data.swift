import LinearAlgebra
public import ModelFiles

extension NumberDistribution {
  /// The distribution of at least one number.
  ///
  /// - Parameter median: what stands for the missing ones.
  public init(_ numbers: [Double], median: Double? = nil) {
    let sorted = numbers.ascending
    let maximum = sorted[sorted.count - 1]
    var edges: [Double] = []
    var shares: [Double] = []
    var counted = 0
    for tenth in 1...9 {
      // The smallest number that at least `tenth` tenths of the rows do not exceed.
      let edge = sorted[max(0, (sorted.count * tenth + 9) / 10 - 1)]
      guard edge < maximum, edges.last.map({ edge > $0 }) ?? true else { continue }
      var end = (sorted.count * tenth + 9) / 10
      while sorted[end] <= edge { end += 1 }
      edges.append(edge)
      shares.append(Double(end - counted) / Double(sorted.count))
      counted = end
    }
    shares.append(Double(sorted.count - counted) / Double(sorted.count))
    self.init(
      minimum: sorted[0], maximum: maximum, binEdges: edges, binShares: shares, median: median)
  }
}

extension CategoryDistribution {
  /// The distribution of codes below the number of names, or equal to it for missing ones.
  init(names: [String], codes: some Collection<Int>, hasMissing: Bool = false) {
    var counts = [Int](repeating: 0, count: names.count + (hasMissing ? 1 : 0))
    for code in codes { counts[code] += 1 }
    self.init(
      names: names, shares: counts.map { Double($0) / Double(max(1, codes.count)) },
      hasMissing: hasMissing)
  }
}
