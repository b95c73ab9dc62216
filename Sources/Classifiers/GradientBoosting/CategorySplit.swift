import ModelFiles

extension BinSplitSearch {
  /// The least support of a category that may go left: its share of the second derivatives, times the node's samples.
  /// So much is also added to its second derivative, which moves categories of few samples towards the middle.
  private static let leastSupport = 10.0

  /// Replaces `best` if a division of categories decreases the loss more.
  ///
  /// Categories are put in the order of their first derivative by their second one. From either end up to the middle, those
  /// so far go left; all others, and those of little support, go right. Missing values are a category.
  ///
  /// - Parameters:
  ///   - sums: the feature's entries.
  ///   - categoryCount: the number of categories, after which missing values come.
  /// - SeeAlso: Fisher, "On grouping for maximum homogeneity", 1958, doi:10.1080/01621459.1958.10501479.
  func improve(
    _ best: inout BinSplit, feature: Int, _ node: Node, _ sums: UnsafePointer<SIMD2<Double>>,
    _ counts: UnsafePointer<UInt32>, categoryCount: Int, hasMissing: Bool
  ) {
    let order = orderedCategories(node, sums, count: categoryCount + (hasMissing ? 1 : 0))
    guard order.count > 1 else { return }
    var gain = max(best.gain, 0)
    var found: (left: ArraySlice<Int>, derivatives: SIMD2<Double>, count: Int)?
    let middle = (order.count + 1) / 2
    for isAscending in [true, false] {
      var (left, leftCount) = (SIMD2<Double>.zero, 0)
      for taken in 1...middle where isAscending || taken < middle {
        let bin = order[isAscending ? taken - 1 : order.count - taken]
        left += sums[bin]
        leftCount += Int(counts[bin])
        let right = node.derivatives - left
        if leftCount < minimumLeafSize || left[1] < Self.leastHessian { continue }
        if node.count - leftCount < minimumLeafSize || right[1] < Self.leastHessian { break }
        let new = self.gain(of: left, right, node)
        if new > gain {
          gain = new
          found = (isAscending ? order.prefix(taken) : order.suffix(taken), left, leftCount)
        }
      }
    }
    guard let found else { return }
    best = split(
      feature, 0, node, left: found.derivatives, leftCount: found.count, gain: gain,
      missingGoesLeft: hasMissing && found.left.contains(categoryCount))
    var categories = BinSet()
    for bin in found.left where bin < categoryCount { categories.insert(bin) }
    best.categories = categories
  }

  /// The categories with support in the order in which they are divided. Of equal ones the last comes first, as the merge
  /// sort of the GNU C library has it, which scikit-learn asks with a comparison that never says equal.
  private func orderedCategories(
    _ node: Node, _ sums: UnsafePointer<SIMD2<Double>>, count: Int
  ) -> [Int] {
    let supportPerHessian = Double(node.count) / node.derivatives[1]
    return (0..<count).filter { sums[$0][1] * supportPerHessian >= Self.leastSupport }
      .map { (bin: $0, value: sums[$0][0] / (sums[$0][1] + Self.leastSupport)) }
      .sorted { ($0.value, $1.bin) < ($1.value, $0.bin) }
      .map(\.bin)
  }
}
