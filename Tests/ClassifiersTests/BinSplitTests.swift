import TestSupport
import Testing

@testable import Classifiers

@Suite struct `The search for a split between bins` {
  /// A feature's sums by bin, and what is asked of it.
  private struct Case {
    var search: BinSplitSearch
    var sums: [SIMD2<Double>]
    var counts: [UInt32]
    var hasMissing: Bool

    var binCount: Int { sums.count - 1 }

    var node: BinSplitSearch.Node {
      let all = sums.reduce(.zero, +)
      return BinSplitSearch.Node(
        derivatives: all, count: Int(counts.reduce(0, +)),
        value: -all[0] / (all[1] + search.l2Regularization + 1e-15))
    }

    /// Empty bins, equal gains, gradients without an effect, second derivatives of next to nothing or, by rounding,
    /// below zero.
    init(_ generator: inout SeededGenerator) {
      func pick<Value>(_ values: Value...) -> Value {
        values.randomElement(using: &generator)!
      }
      search = BinSplitSearch(
        minimumLeafSize: pick(1, 5, 20), l2Regularization: pick(0, 0, 2.5))
      hasMissing = pick(true, false)
      let most = pick(0, 3, 40)
      let hessian = pick(0.25, 1e-4, 1e-6)
      let isWhole = pick(true, false)
      sums = []
      counts = []
      for _ in 0..<pick(1, 2, 3, 7, 60, 255) + 1 {
        let count = Int.random(in: 0...most, using: &generator)
        let gradient =
          isWhole
          ? Double(Int.random(in: -2...2, using: &generator))
          : Double.random(in: -1...1, using: &generator)
        counts.append(UInt32(count))
        sums.append(
          count == 0
            ? SIMD2(0, pick(0, 0, -1e-17)) : SIMD2(gradient, hessian * Double(count)))
      }
      if !hasMissing {
        counts[binCount] = 0
        sums[binCount] = .zero
      }
    }

    var found: BinSplit {
      var best = BinSplit()
      search.improve(
        &best, feature: 3, node, sums, counts,
        FeatureBins(thresholds: (1..<max(1, binCount)).map(Double.init)), hasMissing: hasMissing,
        BinSplitMemory())
      return best
    }

    /// The best split by scikit-learn's plain loops.
    var expected: BinSplit {
      var best = BinSplit()
      scan(Array(0..<(hasMissing ? binCount : binCount - 1)), &best) { $0 }
      if hasMissing { scan((1..<max(1, binCount)).reversed(), &best, isRight: true) { $0 - 1 } }
      return best
    }

    private func scan(
      _ bins: [Int], _ best: inout BinSplit, isRight: Bool = false, threshold: (Int) -> Int
    ) {
      let node = self.node
      var (side, count) = (SIMD2<Double>.zero, 0)
      for bin in bins {
        side += sums[bin]
        count += Int(counts[bin])
        if count < search.minimumLeafSize { continue }
        if node.count - count < search.minimumLeafSize { return }
        if side[1] < BinSplitSearch.leastHessian { continue }
        let other = node.derivatives - side
        if other[1] < BinSplitSearch.leastHessian { return }
        let gain =
          isRight ? search.gain(of: other, side, node) : search.gain(of: side, other, node)
        if gain > max(best.gain, 0) {
          best = search.split(
            3, threshold(bin), node, left: isRight ? other : side,
            leftCount: isRight ? node.count - count : count, gain: gain, missingGoesLeft: isRight)
        }
      }
    }
  }

  @Test func `finds what a plain loop over all bins finds, to the last bit`() {
    var generator = SeededGenerator(seed: 11)
    var splits = 0
    for number in 0..<6000 {
      let table = Case(&generator)
      let (found, expected) = (table.found, table.expected)
      splits += found.gain > 0 ? 1 : 0
      #expect(found.gain == expected.gain, "\(number)")
      #expect(found.bin == expected.bin, "\(number)")
      #expect(found.missingGoesLeft == expected.missingGoesLeft, "\(number)")
      #expect(found.left.derivatives == expected.left.derivatives, "\(number)")
      #expect(found.left.count == expected.left.count, "\(number)")
      #expect(found.right.derivatives == expected.right.derivatives, "\(number)")
      #expect(found.right.count == expected.right.count, "\(number)")
    }
    #expect(splits > 1000, "so many were found")
  }
}
