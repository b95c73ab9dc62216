import Datasets

/// Draws rows with replacement, each with a probability in proportion to its weight, as numpy's `choice` does.
struct WeightedDrawing: Sendable {
  /// The end of each row's share of the unit interval.
  private let shareEnds: [Double]

  init(_ weights: [Double]) {
    let total = PairwiseSum.sum(weights)
    var end = 0.0
    let ends = weights.map { weight in
      end += weight / total
      return end
    }
    shareEnds = ends.map { $0 / end }
  }

  /// The largest probability of a row.
  var largestShare: Double {
    zip(shareEnds, [0] + shareEnds).reduce(0) { max($0, $1.0 - $1.1) }
  }

  /// Calls `body` with each of so many rows, in the order in which they are drawn.
  func forEachRow(of count: Int, _ twister: inout MersenneTwister, _ body: (Int) -> Void) {
    for _ in 0..<count {
      let point = twister.nextUnit()
      var low = 0
      var high = shareEnds.count - 1
      while low < high {
        let middle = (low + high) / 2
        if shareEnds[middle] > point { high = middle } else { low = middle + 1 }
      }
      body(low)
    }
  }
}
