/// Memory for the search of a feature's bins, by one thread at a time.
final class BinSplitMemory {
  /// As many as there are bins, and are worked on at once.
  private static let size = 256 + 4

  /// The sums of the bins from one end up to each.
  fileprivate let sides = Buffer<SIMD2<Double>>(uninitializedCount: size)
  /// The gain of dividing there without the node's own term, up to rounding.
  fileprivate let decreases = Buffer<Double>(uninitializedCount: size)
}

extension BinSplitSearch {
  /// Far more than the relative error of decreases.
  private static let margin = 1e-10

  /// Replaces `best` if a split of numbers decreases the loss more. The first of equal splits counts: missing values on
  /// the right before those on the left, and then from the lowest bin up, or from the highest one down.
  ///
  /// - Parameters:
  ///   - sums: the feature's entries.
  ///   - binCount: the number of bins of values.
  func improve(
    _ best: inout BinSplit, feature: Int, _ node: Node, _ sums: UnsafePointer<SIMD2<Double>>,
    _ counts: UnsafePointer<UInt32>, binCount: Int, hasMissing: Bool,
    _ memory: BinSplitMemory
  ) {
    if let place = bestPlace(
      node, sums, counts, binCount: binCount, isAscending: true, hasMissing: hasMissing,
      above: best.gain, memory)
    {
      let left = memory.sides.start[place.index]
      let count = (0...place.index).reduce(0) { $0 &+ Int(counts[$1]) }
      best = split(
        feature, place.index, node, left: left, leftCount: count, gain: place.gain,
        missingGoesLeft: false)
    }
    guard hasMissing else { return }
    if let place = bestPlace(
      node, sums, counts, binCount: binCount, isAscending: false, hasMissing: true,
      above: best.gain, memory)
    {
      let right = memory.sides.start[place.index]
      let bin = binCount - 1 - place.index
      let count = (bin..<binCount).reduce(0) { $0 &+ Int(counts[$1]) }
      best = split(
        feature, bin - 1, node, left: node.derivatives - right, leftCount: node.count - count,
        gain: place.gain, missingGoesLeft: true)
    }
  }

  /// The bin up to which, from one end, a side's samples are, where that decreases the loss most.
  ///
  /// - Returns: the bin's distance from the end; `nil` if no gain is above the known one.
  private func bestPlace(
    _ node: Node, _ sums: UnsafePointer<SIMD2<Double>>, _ counts: UnsafePointer<UInt32>,
    binCount: Int, isAscending: Bool, hasMissing: Bool, above known: Double,
    _ memory: BinSplitMemory
  ) -> (index: Int, gain: Double)? {
    // Without missing values, all bins on one side would leave none on the other.
    let count = isAscending && hasMissing ? binCount : binCount - 1
    let step = isAscending ? 1 : -1
    let (sums, counts) =
      isAscending ? (sums, counts) : (sums + (binCount - 1), counts + (binCount - 1))
    let missing = Int(counts[isAscending ? binCount : 1])
    let last = count < binCount ? Int(counts[count &* step]) : 0
    let places = places(counts, step, count: count, others: last + missing)
    if places.isEmpty { return nil }
    let parent = node.derivatives[0] * node.value
    var gain = max(known, 0)
    let (most, leastHessian) = sum(places, sums, step, node, memory)
    let needed = max(most, gain - parent) * (1 - Self.margin)
    let areAll = leastHessian < Self.leastHessian || !needed.isFinite
    if most < needed, !areAll { return nil }
    let decreases = memory.decreases.start
    var found: Int?
    var group = places.lowerBound
    while group < places.upperBound {
      defer { group &+= 4 }
      guard areAll || Lane(at: decreases + group).containsAny(from: needed) else { continue }
      for place in group..<min(group &+ 4, places.upperBound) {
        let side = memory.sides.start[place]
        let other = node.derivatives - side
        if side[1] < Self.leastHessian { continue }
        if other[1] < Self.leastHessian { return found.map { ($0, gain) } }
        let new = isAscending ? self.gain(of: side, other, node) : self.gain(of: other, side, node)
        if new > gain {
          gain = new
          found = place
        }
      }
    }
    return found.map { ($0, gain) }
  }

  /// Up to which bins a side's samples may be, so that both sides have enough.
  ///
  /// - Parameter others: how many samples are in none of the first `count` bins.
  private func places(
    _ counts: UnsafePointer<UInt32>, _ step: Int, count: Int, others: Int
  ) -> Range<Int> {
    var (start, taken) = (0, 0)
    while start < count {
      taken &+= Int(counts[start &* step])
      if taken >= minimumLeafSize { break }
      start &+= 1
    }
    var (end, others) = (count, others)
    while end > start, others < minimumLeafSize {
      end &-= 1
      others &+= Int(counts[end &* step])
    }
    return start..<end
  }

  private typealias Lane = SIMD4<Double>

  /// Sums the bins up to each of the places, and finds the decreases there, four at a time.
  ///
  /// - Returns: the largest decrease, and the least second derivative of a side.
  private func sum(
    _ places: Range<Int>, _ sums: UnsafePointer<SIMD2<Double>>, _ step: Int, _ node: Node,
    _ memory: BinSplitMemory
  ) -> (most: Double, leastHessian: Double) {
    var side = SIMD2<Double>.zero
    var entry = sums
    func next() -> SIMD2<Double> {
      side += entry.pointee
      entry += step
      return side
    }
    for _ in 0..<places.lowerBound { _ = next() }
    let all = node.derivatives
    let addition = l2Regularization + 1e-15
    var most = Lane(repeating: -.infinity)
    var least = Lane(repeating: .infinity)
    @inline(__always)
    func add(
      _ a: SIMD2<Double>, _ b: SIMD2<Double>, _ c: SIMD2<Double>, _ d: SIMD2<Double>, _ place: Int
    ) {
      let sides = memory.sides.start + place
      (sides[0], sides[1], sides[2], sides[3]) = (a, b, c, d)
      let gradients = Lane(a.x, b.x, c.x, d.x)
      let hessians = Lane(a.y, b.y, c.y, d.y)
      let otherGradients = all.x - gradients
      let otherHessians = all.y - hessians
      least = least.replacing(with: hessians, where: hessians .< least)
      least = least.replacing(with: otherHessians, where: otherHessians .< least)
      let divisors = hessians + addition
      let otherDivisors = otherHessians + addition
      // One division for both sides.
      let decreases =
        (gradients * gradients * otherDivisors + otherGradients * otherGradients * divisors)
        / (divisors * otherDivisors)
      most = most.replacing(with: decreases, where: decreases .> most)
      decreases.store(at: memory.decreases.start + place)
    }
    var place = places.lowerBound
    while place &+ 4 <= places.upperBound {
      let (a, b, c, d) = (next(), next(), next(), next())
      add(a, b, c, d, place)
      place &+= 4
    }
    if place < places.upperBound {
      // The last is repeated.
      let a = next()
      let b = place &+ 1 < places.upperBound ? next() : a
      add(a, b, place &+ 2 < places.upperBound ? next() : b, side, place)
    }
    return (most.max(), least.min())
  }
}

extension SIMD4<Double> {
  /// Whether a number is at least so large.
  @inline(__always) fileprivate func containsAny(from least: Double) -> Bool {
    let mask = unsafeBitCast(self .>= least, to: SIMD4<UInt64>.self)
    let half = mask.lowHalf | mask.highHalf
    return half.x | half.y != 0
  }
}
