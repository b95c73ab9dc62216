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
    _ counts: UnsafePointer<UInt32>, _ bins: FeatureBins, hasMissing: Bool,
    _ memory: BinSplitMemory
  ) {
    if bins.isCategorical {
      improve(
        &best, feature: feature, node, sums, counts, categoryCount: bins.count,
        hasMissing: hasMissing)
    } else {
      improve(
        &best, feature: feature, node, sums, counts, binCount: bins.count, hasMissing: hasMissing,
        memory)
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
