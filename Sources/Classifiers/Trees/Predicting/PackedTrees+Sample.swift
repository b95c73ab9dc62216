extension PackedTrees {
  /// The mean over all trees of the class shares in one sample's leaf: equal to the last bit to
  /// ``meanShares(for:threads:)``.
  ///
  /// Eight trees are walked side by side, as there are no eight samples.
  func meanShares(of sample: some Collection<Double>) -> [Double] {
    let lanes = Self.laneCount
    let sides = sidesPerFeature
    let slotCount = sample.count * sides * lanes
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: slotCount) { values in
      // A node names its feature by the first slot of the feature's lanes.
      for (feature, value) in sample.enumerated() {
        for side in 0..<sides {
          values[(feature &* sides &+ side) &* lanes] = Self.number(value, side: side)
        }
      }
      return [Double](unsafeUninitializedCapacity: classCount) { sums, initialized in
        sums.initialize(repeating: 0)
        initialized = classCount
        var tree = 0
        while tree < roots.count {
          let group = tree..<min(tree + lanes, roots.count)
          addShares(of: group, values.baseAddress!, to: sums.baseAddress!)
          tree = group.upperBound
        }
        let treeCount = Double(roots.count)
        for label in 0..<classCount { sums[label] /= treeCount }
      }
    }
  }

  /// Adds the shares of up to eight trees, in their order.
  private func addShares(
    of group: Range<Int>, _ values: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Double>
  ) {
    // Lanes without a tree of their own walk the last one.
    @inline(__always)
    func root(_ lane: Int) -> Int { roots[min(group.lowerBound + lane, group.upperBound - 1)] }
    let starts = (root(0), root(1), root(2), root(3), root(4), root(5), root(6), root(7))
    let leaves = nodes.withUnsafeBufferPointer { walk($0.baseAddress!, starts, values) }
    @inline(__always)
    func add(_ leaf: Int, _ start: Int, _ lane: Int) {
      guard lane < group.count else { return }
      let row = Int(shareRows[start &+ leaf]) &* classCount
      for label in 0..<classCount { sums[label] += leafShares[row &+ label] }
    }
    add(leaves.0, starts.0, 0)
    add(leaves.1, starts.1, 1)
    add(leaves.2, starts.2, 2)
    add(leaves.3, starts.3, 3)
    add(leaves.4, starts.4, 4)
    add(leaves.5, starts.5, 5)
    add(leaves.6, starts.6, 6)
    add(leaves.7, starts.7, 7)
  }

  private typealias Lanes = (Int, Int, Int, Int, Int, Int, Int, Int)

  /// The leaves that the sample reaches in eight trees, each counted from its tree's start.
  @inline(__always)
  private func walk(
    _ nodes: UnsafePointer<Node>, _ starts: Lanes, _ values: UnsafePointer<Float>
  ) -> Lanes {
    let slotMask = Link(truncatingIfNeeded: 1 &<< slotBits &- 1)
    let slotBits = Link(truncatingIfNeeded: self.slotBits)
    @inline(__always)
    func next(_ current: Int, _ start: Int) -> Int {
      let node = nodes[start &+ current]
      let value = values[Int(truncatingIfNeeded: node.link & slotMask)]
      return Int(truncatingIfNeeded: node.link &>> slotBits) &+ (node.threshold < value ? 1 : 0)
    }
    var (a, b, c, d, e, f, g, h) = (0, 0, 0, 0, 0, 0, 0, 0)
    while true {
      let before = (a, b, c, d, e, f, g, h)
      a = next(a, starts.0)
      b = next(b, starts.1)
      c = next(c, starts.2)
      d = next(d, starts.3)
      e = next(e, starts.4)
      f = next(f, starts.5)
      g = next(g, starts.6)
      h = next(h, starts.7)
      // A leaf leads to itself.
      let moved =
        (a ^ before.0) | (b ^ before.1) | (c ^ before.2) | (d ^ before.3) | (e ^ before.4)
        | (f ^ before.5) | (g ^ before.6) | (h ^ before.7)
      if moved == 0 { return (a, b, c, d, e, f, g, h) }
    }
  }
}
