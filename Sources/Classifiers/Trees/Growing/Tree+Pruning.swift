extension Tree {
  /// The smallest subtree with the lowest cost, impurity plus `alpha` per leaf.
  ///
  /// The branch with the smallest decrease of impurity per leaf is removed, again and again, until the next one
  /// decreases it by more than `alpha`. Node numbers follow the depth-first order, left before right.
  ///
  /// - Complexity: O(*n·c*) for *n* nodes and *c* cuts.
  /// - SeeAlso: Breiman and others, "Classification and Regression Trees", 1984, section 3.3.
  func pruned(alpha: Double) -> Tree {
    guard alpha > 0, nodeCount > 1 else { return self }
    var parents = [Int?](repeating: nil, count: nodeCount)
    var isInner = features.map { $0 != Self.noFeature }
    for node in 0..<nodeCount where isInner[node] {
      parents[Int(leftChildren[node])] = node
      parents[Int(rightChildren[node])] = node
    }
    let ownCosts = (0..<nodeCount).map { weights[$0] * impurities[$0] / weights[0] }
    var branchCosts = [Double](repeating: 0, count: nodeCount)
    var branchLeaves = [Int](repeating: 0, count: nodeCount)
    for leaf in 0..<nodeCount where !isInner[leaf] {
      branchCosts[leaf] = ownCosts[leaf]
      var node = parents[leaf]
      while let branch = node {
        branchCosts[branch] += ownCosts[leaf]
        branchLeaves[branch] += 1
        node = parents[branch]
      }
    }

    while isInner[0] {
      var weakest = 0
      var weakestAlpha = Double.infinity
      for node in 0..<nodeCount where isInner[node] {
        let nodeAlpha = (ownCosts[node] - branchCosts[node]) / Double(branchLeaves[node] - 1)
        if nodeAlpha < weakestAlpha {
          weakestAlpha = nodeAlpha
          weakest = node
        }
      }
      if alpha < weakestAlpha { break }
      cut(weakest, &isInner)
      let rise = ownCosts[weakest] - branchCosts[weakest]
      let lostLeaves = branchLeaves[weakest] - 1
      branchCosts[weakest] = ownCosts[weakest]
      branchLeaves[weakest] = 0
      var node = parents[weakest]
      while let branch = node {
        branchCosts[branch] += rise
        branchLeaves[branch] -= lostLeaves
        node = parents[branch]
      }
    }
    return copy(whereInner: isInner)
  }

  /// Makes a leaf of the node; no node below it is inner any more.
  private func cut(_ node: Int, _ isInner: inout [Bool]) {
    var below = [node]
    while let next = below.popLast() {
      isInner[next] = false
      guard features[next] != Self.noFeature else { continue }
      below.append(Int(leftChildren[next]))
      below.append(Int(rightChildren[next]))
    }
  }

  /// The part of the tree that is reached from the root through inner nodes.
  private func copy(whereInner isInner: [Bool]) -> Tree {
    var kept: [Int] = []
    var pending = [0]
    while let node = pending.popLast() {
      kept.append(node)
      guard isInner[node] else { continue }
      pending.append(Int(rightChildren[node]))
      pending.append(Int(leftChildren[node]))
    }
    var numbers = [Int32](repeating: Self.noChild, count: nodeCount)
    for (number, node) in kept.enumerated() { numbers[node] = Int32(number) }
    func number(of child: Int32, below node: Int) -> Int32 {
      isInner[node] ? numbers[Int(child)] : Self.noChild
    }
    var keptShares = ClassShares(classCount: classCount)
    for node in kept { keptShares.append(node, of: shares) }
    return Tree(
      features: kept.map { isInner[$0] ? features[$0] : Self.noFeature },
      thresholds: kept.map { isInner[$0] ? thresholds[$0] : -2 },
      leftChildren: kept.map { number(of: leftChildren[$0], below: $0) },
      rightChildren: kept.map { number(of: rightChildren[$0], below: $0) },
      missingGoesLeft: missingGoesLeft.map { flags in kept.map { isInner[$0] && flags[$0] } },
      impurities: kept.map { impurities[$0] }, weights: kept.map { weights[$0] },
      sampleCounts: kept.map { sampleCounts[$0] },
      shares: keptShares)
  }
}
