import ModelFiles

/// A split of a node by the bins of a feature, and the children that it makes.
struct BinSplit {
  /// What a node would become as a leaf.
  struct Side {
    var derivatives: SIMD2<Double>
    var count: Int
    /// −gradient / hessian: the value that decreases the loss most, before the learning rate.
    var value: Double
  }

  /// By how much the loss decreases; −1 if no split is allowed.
  var gain = -1.0
  var feature = 0
  /// Samples go left when their bin is at most this; 0 where categories are divided.
  var bin = 0
  /// The categories that go left; `nil` where numbers are compared.
  var categories: BinSet?
  var missingGoesLeft = false
  var left = Side(derivatives: .zero, count: 0, value: 0)
  var right = Side(derivatives: .zero, count: 0, value: 0)

  /// Whether samples of a bin go left.
  func sendsLeft(_ bin: Int, missingBin: Int) -> Bool {
    bin == missingBin ? missingGoesLeft : categories?.contains(bin) ?? (bin <= self.bin)
  }
}

/// What a split of a node is searched by.
struct BinSplitSearch {
  /// The least sum of second derivatives of a child.
  static let leastHessian = 1e-3

  let minimumLeafSize: Int
  let l2Regularization: Double

  /// The sums of a node that is to be split.
  struct Node {
    var derivatives: SIMD2<Double>
    var count: Int
    var value: Double
  }

  /// Replaces `best` if a split by a feature decreases the loss more.
  ///
  /// - Parameter sums: the feature's entries.
  func improve(
    _ best: inout BinSplit, feature: Int, _ node: Node, _ sums: UnsafePointer<SIMD2<Double>>,
    _ counts: UnsafePointer<UInt32>, _ bins: FeatureBins, hasMissing: Bool
  ) {
    if bins.isCategorical {
      improve(
        &best, feature: feature, node, sums, counts, categoryCount: bins.count,
        hasMissing: hasMissing)
    } else {
      improve(
        &best, feature: feature, node, sums, counts, binCount: bins.count, hasMissing: hasMissing)
    }
  }

  /// Replaces `best` if a split of numbers decreases the loss more. The first of equal splits counts: missing values on
  /// the right before those on the left, and then from the lowest bin up, or from the highest one down.
  ///
  /// - Parameters:
  ///   - sums: the feature's entries.
  ///   - binCount: the number of bins of values.
  private func improve(
    _ best: inout BinSplit, feature: Int, _ node: Node, _ sums: UnsafePointer<SIMD2<Double>>,
    _ counts: UnsafePointer<UInt32>, binCount: Int, hasMissing: Bool
  ) {
    // Without missing values, all bins on the left would leave none on the right.
    let end = hasMissing ? binCount : binCount - 1
    var found: (gain: Double, bin: Int, derivatives: SIMD2<Double>, count: Int)?
    var gain = max(best.gain, 0)
    scan(node, from: 0, by: 1, count: end, sums, counts) { side, other, bin, count in
      let new = self.gain(of: side, other, node)
      if new > gain {
        gain = new
        found = (new, bin, side, count)
      }
    }
    if let found {
      best = split(
        feature, found.bin, node, left: found.derivatives, leftCount: found.count, gain: found.gain,
        missingGoesLeft: false)
    }
    guard hasMissing else { return }
    found = nil
    scan(node, from: binCount - 1, by: -1, count: binCount - 1, sums, counts) {
      side, other, bin, count in
      let new = self.gain(of: other, side, node)
      if new > gain {
        gain = new
        found = (new, bin - 1, other, node.count - count)
      }
    }
    if let found {
      best = split(
        feature, found.bin, node, left: found.derivatives, leftCount: found.count, gain: found.gain,
        missingGoesLeft: true)
    }
  }

  /// Calls `body` with the sums of the bins from one end up to each bin, those of all others, the bin, and the number of
  /// samples up to it, as long as both sides may be leaves.
  @inline(__always)
  private func scan(
    _ node: Node, from first: Int, by step: Int, count: Int,
    _ sums: UnsafePointer<SIMD2<Double>>, _ counts: UnsafePointer<UInt32>,
    _ body: (SIMD2<Double>, SIMD2<Double>, Int, Int) -> Void
  ) {
    var side = SIMD2<Double>.zero
    var sideCount = 0
    var bin = first
    for _ in 0..<max(0, count) {
      defer { bin &+= step }
      side += sums[bin]
      sideCount &+= Int(counts[bin])
      if sideCount < minimumLeafSize { continue }
      if node.count &- sideCount < minimumLeafSize { return }
      let other = node.derivatives - side
      if side[1] < Self.leastHessian { continue }
      if other[1] < Self.leastHessian { return }
      body(side, other, bin, sideCount)
    }
  }

  @inline(__always)
  func gain(
    of left: SIMD2<Double>, _ right: SIMD2<Double>, _ node: Node
  ) -> Double {
    let gradients = SIMD2(left[0], right[0])
    let values = -gradients / (SIMD2(left[1], right[1]) + l2Regularization + 1e-15)
    let losses = gradients * values
    return node.derivatives[0] * node.value - losses[0] - losses[1]
  }

  func split(
    _ feature: Int, _ bin: Int, _ node: Node, left: SIMD2<Double>, leftCount: Int, gain: Double,
    missingGoesLeft: Bool
  ) -> BinSplit {
    func side(_ derivatives: SIMD2<Double>, _ count: Int) -> BinSplit.Side {
      BinSplit.Side(
        derivatives: derivatives, count: count,
        value: -derivatives[0] / (derivatives[1] + l2Regularization + 1e-15))
    }
    return BinSplit(
      gain: gain, feature: feature, bin: bin, missingGoesLeft: missingGoesLeft,
      left: side(left, leftCount), right: side(node.derivatives - left, node.count - leftCount))
  }
}
