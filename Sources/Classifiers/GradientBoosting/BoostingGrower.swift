import Datasets
import LinearAlgebra

/// The rules of growing a boosted tree.
struct BoostingRules: Sendable {
  let learningRate: Double
  let maximumLeafCount: Int?
  let maximumDepth: Int?
  let minimumLeafSize: Int
  let l2Regularization: Double
  let maximumBinCount: Int

  init(_ parameters: HistGradientBoosting) {
    learningRate = parameters.learningRate
    maximumLeafCount = parameters.maximumLeafCount
    maximumDepth = parameters.maximumDepth
    minimumLeafSize = parameters.minimumLeafSize
    l2Regularization = parameters.l2Regularization
    maximumBinCount = parameters.maximumBinCount
  }
}

/// Grows trees over one set of rows, one after the other, and splits the node with the largest gain first.
final class BoostingGrower: @unchecked Sendable {  // Its parallel parts write to different places.
  private struct Node {
    let depth: Int
    let rows: RowPartition.Place
    let derivatives: SIMD2<Double>
    var value: Double
    var split: BinSplit?
    var leftChild: Int?
    var histograms: NodeHistograms?
  }

  private struct Waiting: Prioritized {
    let node: Int
    let priority: Double
  }

  private let layout: HistogramLayout
  private let rules: BoostingRules
  private let search: BinSplitSearch
  /// Chooses the features that a split tries; `nil` if it tries all.
  private let drawing: FeatureDrawing?
  /// For each block of features.
  private let memories: [BinSplitMemory]
  private var partition: RowPartition
  private var nodes: [Node] = []
  private var frontier = Frontier<Waiting>()
  private var leafCount = 0
  /// Histograms that no node uses.
  private var spare: [NodeHistograms] = []

  init(_ layout: HistogramLayout, _ rules: BoostingRules, _ drawing: FeatureDrawing?) {
    self.layout = layout
    self.rules = rules
    self.drawing = drawing
    search = BinSplitSearch(
      minimumLeafSize: rules.minimumLeafSize, l2Regularization: rules.l2Regularization)
    memories = (0..<layout.rows.blockCount).map { _ in BinSplitMemory() }
    partition = RowPartition(layout.rows)
  }

  /// Grows a tree from each row's derivatives, and adds the values of its leaves to the raw predictions.
  func grow(
    _ derivatives: UnsafePointer<Derivatives>, addingTo raw: UnsafeMutablePointer<Double>,
    _ team: Team
  ) -> BoostedTree {
    nodes.removeAll(keepingCapacity: true)
    leafCount = 0
    plantRoot(partition.reset(team), derivatives, team)
    while let next = frontier.pop() {
      split(next.node, derivatives, team)
    }
    let leaves = nodes.indices.filter { nodes[$0].leftChild == nil }
    for leaf in leaves { nodes[leaf].value *= rules.learningRate }
    partition.add(leaves.map { (nodes[$0].rows, nodes[$0].value) }, to: raw, team)
    return tree
  }

  private func plantRoot(
    _ rows: RowPartition.Place, _ derivatives: UnsafePointer<Derivatives>, _ team: Team
  ) {
    let histograms = spare.popLast() ?? NodeHistograms(entryCount: layout.entryCount)
    nonisolated(unsafe) let derivatives = derivatives
    team.forEach(layout.rows.blockCount, keepsThreads: true) { [layout] block, _ in
      layout.fill(histograms, block: block, nil, derivatives, areGathered: false)
    }
    nodes.append(
      Node(
        depth: 0, rows: rows, derivatives: sum(histograms), value: 0,
        histograms: histograms))
    if rows.count < 2 * rules.minimumLeafSize
      || nodes[0].derivatives[1] < BinSplitSearch.leastHessian
    {
      finish(0)
    } else {
      searchSplits([0], team) { _ in }
    }
  }

  /// The sums over all bins of the first feature, in numpy's order over as many bins as there may be.
  private func sum(_ histograms: NodeHistograms) -> SIMD2<Double> {
    let entries = layout.entries(ofFeature: 0)
    func sum(_ derivative: Int) -> Double {
      var bins = [Double](repeating: 0, count: rules.maximumBinCount + 1)
      for (bin, entry) in entries.dropLast().enumerated() {
        bins[bin] = histograms.sums.start[entry][derivative]
      }
      bins[rules.maximumBinCount] += histograms.sums.start[entries.upperBound - 1][derivative]
      return PairwiseSum.sum(bins)
    }
    return SIMD2(sum(0), sum(1))
  }

  /// Makes a node a leaf.
  private func finish(_ index: Int) {
    leafCount += 1
    if let histograms = nodes[index].histograms { spare.append(histograms) }
    nodes[index].histograms = nil
  }

  /// Finds the best split of each node; one without becomes a leaf.
  ///
  /// - Parameter prepare: completes the nodes' histograms of a block.
  private func searchSplits(
    _ chosen: [Int], _ team: Team, _ prepare: @Sendable (_ block: Int) -> Void
  ) {
    let rows = layout.rows
    let masks = chosen.map { _ in drawing?.next() }
    let blockCount = rows.blockCount
    nonisolated(unsafe) var found = [BinSplit](
      repeating: BinSplit(), count: chosen.count * blockCount)
    found.withUnsafeMutableBufferPointer { found in
      nonisolated(unsafe) let found = found
      team.forEach(blockCount, keepsThreads: true) { [self] block, _ in
        prepare(block)
        for (place, index) in chosen.enumerated() {
          guard let histograms = nodes[index].histograms else { continue }
          let node = BinSplitSearch.Node(
            derivatives: nodes[index].derivatives, count: nodes[index].rows.count,
            value: nodes[index].value)
          for feature in rows.features(ofBlock: block) where masks[place]?[feature] ?? true {
            let start = layout.entries(ofFeature: feature).lowerBound
            search.improve(
              &found[place * blockCount + block], feature: feature, node,
              histograms.sums.start + start, histograms.counts.start + start,
              rows.bins[feature], hasMissing: rows.hasMissing[feature], memories[block])
          }
        }
      }
    }
    for (place, index) in chosen.enumerated() {
      var best = BinSplit()
      for split in found[place * blockCount..<(place + 1) * blockCount] where split.gain > best.gain
      {
        best = split
      }
      if best.gain > 0 {
        nodes[index].split = best
        frontier.push(Waiting(node: index, priority: best.gain))
      } else {
        finish(index)
      }
    }
  }

  private func split(_ index: Int, _ derivatives: UnsafePointer<Derivatives>, _ team: Team) {
    guard var split = nodes[index].split else { preconditionFailure("a waiting node has a split") }
    let rows = partition.divide(nodes[index].rows, split, team)
    if !layout.rows.hasMissing[split.feature] {
      // To predict: the side with more samples.
      split.missingGoesLeft = split.left.count > split.right.count
      nodes[index].split = split
    }
    let left = nodes.count
    let depth = nodes[index].depth + 1
    nodes[index].leftChild = left
    for (side, rows) in [(split.left, rows.left), (split.right, rows.right)] {
      nodes.append(
        Node(depth: depth, rows: rows, derivatives: side.derivatives, value: side.value))
    }
    let parent = nodes[index].histograms
    nodes[index].histograms = nil
    if leafCount + frontier.count + 2 == rules.maximumLeafCount {
      finish(left)
      finish(left + 1)
      while let waiting = frontier.pop() { finish(waiting.node) }
      if let parent { spare.append(parent) }
      return
    }
    let isTooDeep = depth == rules.maximumDepth
    let searched = [left, left + 1].filter {
      !isTooDeep && nodes[$0].rows.count >= 2 * rules.minimumLeafSize
    }
    guard let parent, !searched.isEmpty else {
      finish(left)
      finish(left + 1)
      if let parent { spare.append(parent) }
      return
    }
    searchChildren(left, searched, parent, derivatives, team)
    for child in [left, left + 1] where !searched.contains(child) { finish(child) }
  }

  /// Sums the smaller child's rows, takes them from the parent's sums, which leaves the larger child's, and finds
  /// the children's splits.
  private func searchChildren(
    _ left: Int, _ searched: [Int], _ parent: NodeHistograms,
    _ derivatives: UnsafePointer<Derivatives>, _ team: Team
  ) {
    let isLeftSmaller = nodes[left].rows.count < nodes[left + 1].rows.count
    let smaller = isLeftSmaller ? left : left + 1
    let histograms = spare.popLast() ?? NodeHistograms(entryCount: layout.entryCount)
    nodes[smaller].histograms = histograms
    nodes[isLeftSmaller ? left + 1 : left].histograms = parent
    nonisolated(unsafe) let chosen = partition.rows(nodes[smaller].rows)
    let gathered = partition.gather(derivatives, nodes[smaller].rows, team)
    nonisolated(unsafe) let derivatives = gathered ?? derivatives
    let areGathered = gathered != nil
    searchSplits(searched, team) { [layout] block in
      layout.fill(histograms, block: block, chosen, derivatives, areGathered: areGathered)
      parent.subtract(histograms, layout.entries(ofBlock: block))
    }
  }

  /// The tree, its nodes breadth first.
  private var tree: BoostedTree {
    var order = [0]
    var grown: [BoostedTree.Node] = []
    while grown.count < order.count {
      let node = nodes[order[grown.count]]
      var new = BoostedTree.Node(count: node.rows.count, value: node.value)
      if let left = node.leftChild, let split = node.split {
        new.leftChild = order.count
        new.feature = split.feature
        new.bin = split.bin
        new.missingGoesLeft = split.missingGoesLeft
        new.leftCategories = split.categories
        new.gain = split.gain
        order += [left, left + 1]
      }
      grown.append(new)
    }
    return BoostedTree(nodes: grown)
  }
}
