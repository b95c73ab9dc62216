/// How a tree grows, with shares turned into numbers.
struct GrowthRules: Sendable {
  let criterion: Criterion
  let splitter: Splitter
  let maximumDepth: Int
  let minimumSplitSize: Int
  let minimumLeafSize: Int
  let minimumLeafWeightShare: Double
  let candidateFeatures: Int
  let maximumLeafCount: Int?
  let minimumImpurityDecrease: Double
  let pruningAlpha: Double

  init(
    _ parameters: TreeParameters, splitter: Splitter, sampleCount: Int, featureCount: Int
  ) throws(ParameterError) {
    criterion = parameters.criterion
    self.splitter = splitter
    maximumDepth = parameters.maximumDepth ?? Int(Int32.max)
    minimumLeafSize = parameters.minimumLeafSize.roundedUp(of: sampleCount)
    minimumSplitSize = max(
      2, parameters.minimumSplitSize.roundedUp(of: sampleCount), 2 * minimumLeafSize)
    minimumLeafWeightShare = parameters.minimumLeafWeightShare
    candidateFeatures = parameters.candidateFeatures.resolved(of: featureCount)
    guard candidateFeatures <= featureCount else {
      throw ParameterError(
        "max_features", mustBe: "at most the number of features, \(featureCount)",
        was: candidateFeatures)
    }
    maximumLeafCount = parameters.maximumLeafCount
    minimumImpurityDecrease = parameters.minimumImpurityDecrease
    pruningAlpha = parameters.pruningAlpha
  }
}

/// Grows trees over one data set, one after the other, with memory that is taken once.
///
/// A node is a range of the buffer `samples`. Splitting a node moves its samples so that the left
/// child's come first; nothing is copied besides.
///
/// The random draws are scikit-learn's: a 32-bit xorshift generator chooses the features that a node
/// looks at, and features that are constant in a node are remembered for its children.
final class TreeGrower<Rank: FixedWidthInteger & UnsignedInteger & Sendable> {
  /// Below this, scikit-learn takes an impurity for zero.
  static var epsilon: Double { 2.220446049250313e-16 }
  /// Values closer than this are one value to scikit-learn's trees.
  static var smallestGap: Float { 1e-7 }
  /// The most rows, and the most bootstrap draws, that a sort key has room for.
  static var largestSampleCount: Int { 1 << 26 - 1 }
  static var largestClassCount: Int { 1 << 12 }

  let features: RankedFeatures<Rank>
  let rules: GrowthRules
  let classCount: Int

  // One entry per drawn sample; `range`s of `samples` are nodes.
  let samples: UnsafeMutablePointer<Int32>
  let spareSamples: UnsafeMutablePointer<Int32>
  /// Class in the upper bits, weight in the lower 26; by row of the data set.
  let payloads: UnsafeMutablePointer<UInt64>
  /// A tally per rank and class; all zero between searches.
  let histogram: UnsafeMutablePointer<Tally>
  let sortKeys: UnsafeMutablePointer<UInt64>
  let spareKeys: UnsafeMutablePointer<UInt64>
  let digitStarts: UnsafeMutablePointer<Int>
  let leftTallies: UnsafeMutablePointer<Tally>
  let nodeTallies: UnsafeMutablePointer<Tally>
  let childTallies: UnsafeMutablePointer<Tally>
  let classWeights: UnsafeMutablePointer<Double>

  private(set) var weighsClasses = false
  private var totalWeight = 0.0
  var minimumLeafWeight = 0.0
  var random = SplitRandom(seed: 0)
  var featureOrder: [Int] = []
  var constantFeatures: [Int] = []

  init(features: RankedFeatures<Rank>, rules: GrowthRules, classCount: Int) {
    self.features = features
    self.rules = rules
    self.classCount = classCount
    let count = features.sampleCount
    let keyCount = max(count, 64)
    samples = .allocate(capacity: count)
    spareSamples = .allocate(capacity: count)
    payloads = .allocate(capacity: count)
    let cells = features.largestRankCount * classCount
    histogram = .allocate(capacity: cells)
    histogram.initialize(repeating: 0, count: cells)
    sortKeys = .allocate(capacity: keyCount)
    spareKeys = .allocate(capacity: keyCount)
    digitStarts = .allocate(capacity: 1 << 11)
    leftTallies = .allocate(capacity: classCount)
    nodeTallies = .allocate(capacity: classCount)
    childTallies = .allocate(capacity: classCount)
    classWeights = .allocate(capacity: classCount)
  }

  deinit {
    samples.deallocate()
    spareSamples.deallocate()
    payloads.deallocate()
    histogram.deallocate()
    sortKeys.deallocate()
    spareKeys.deallocate()
    digitStarts.deallocate()
    leftTallies.deallocate()
    nodeTallies.deallocate()
    childTallies.deallocate()
    classWeights.deallocate()
  }

  /// Grows one tree.
  ///
  /// - Parameters:
  ///   - labels: the class of every row.
  ///   - draws: how often each row was drawn; rows drawn zero times are left out. `nil`: once each.
  ///   - weights: what each class weighs; `nil`: one.
  ///   - seed: scikit-learn's `random_state` of this tree.
  func grow(labels: [Int], draws: [UInt32]?, weights: [Double]?, seed: UInt32) -> Tree {
    random = SplitRandom(seed: seed)
    featureOrder = Array(0..<features.featureCount)
    constantFeatures = [Int](repeating: 0, count: features.featureCount)
    weighsClasses = weights != nil
    for index in 0..<classCount { classWeights[index] = weights?[index] ?? 1 }
    nodeTallies.update(repeating: 0, count: classCount)
    var drawn = 0
    for row in labels.indices {
      let weight = Int(draws?[row] ?? 1)
      guard weight > 0 else { continue }
      payloads[row] = UInt64(labels[row]) << 26 | UInt64(weight)
      samples[drawn] = Int32(truncatingIfNeeded: row)
      nodeTallies[labels[row]] &+= Tally(rows: 1, draws: weight)
      drawn += 1
    }
    totalWeight = nodeWeight
    minimumLeafWeight = rules.minimumLeafWeightShare * totalWeight
    let tree =
      rules.maximumLeafCount.map { growBestFirst(drawn: drawn, maximumLeafCount: $0) }
      ?? growDepthFirst(drawn: drawn)
    return tree.pruned(alpha: rules.pruningAlpha)
  }

  // MARK: - Nodes

  /// What the classes of the current node weigh together.
  var nodeWeight: Double { weight(of: nodeTallies) }

  private func weight(of tallies: UnsafePointer<Tally>) -> Double {
    var sum = 0.0
    for index in 0..<classCount { sum += Double(tallies[index].draws) * classWeights[index] }
    return sum
  }

  private func impurity(of tallies: UnsafePointer<Tally>, weight: Double) -> Double {
    rules.criterion.impurity(classCount: classCount, total: weight) {
      Double(tallies[$0].draws) * classWeights[$0]
    }
  }

  private func appendNode(
    to tree: inout Tree, parent: Int, isLeft: Bool, impurity: Double, weight: Double, rows: Int
  ) -> Int {
    for index in 0..<classCount {
      tree.classShares.append(Double(nodeTallies[index].draws) * classWeights[index] / weight)
    }
    return tree.appendLeaf(
      parent: parent, isLeft: isLeft, impurity: impurity, weight: weight, sampleCount: rows)
  }

  /// Whether a node is a leaf before any split was searched.
  private func mustStop(depth: Int, rows: Int, weight: Double, impurity: Double) -> Bool {
    depth >= rules.maximumDepth || rows < rules.minimumSplitSize
      || rows < 2 * rules.minimumLeafSize || weight < 2 * minimumLeafWeight
      || impurity <= Self.epsilon
  }

  /// A split that was carried out: the node's samples lie left part first.
  private struct Division {
    var feature: Int
    var threshold: Double
    var middle: Int
    var leftImpurity: Double
    var rightImpurity: Double
    var improvement: Double
  }

  /// Searches the node's best split and carries it out; `nil` where there is none worth it.
  ///
  /// Afterwards `childTallies` describes the left child.
  private func divide(
    _ range: Range<Int>, weight: Double, impurity: Double, constantCount: inout Int
  ) -> Division? {
    guard let split = searchSplit(range, constantCount: &constantCount) else { return nil }
    let middle = partition(range, by: split)
    var leftWeight = 0.0
    var rightWeight = 0.0
    for index in 0..<classCount {
      leftWeight += Double(childTallies[index].draws) * classWeights[index]
      rightWeight +=
        Double((nodeTallies[index] &- childTallies[index]).draws) * classWeights[index]
    }
    let left = self.impurity(of: childTallies, weight: leftWeight)
    let right = rules.criterion.impurity(classCount: classCount, total: rightWeight) {
      Double((nodeTallies[$0] &- childTallies[$0]).draws) * classWeights[$0]
    }
    let improvement =
      weight / totalWeight
      * (impurity - (rightWeight / weight * right) - (leftWeight / weight * left))
    guard improvement + Self.epsilon >= rules.minimumImpurityDecrease else { return nil }
    return Division(
      feature: split.feature, threshold: split.threshold, middle: middle, leftImpurity: left,
      rightImpurity: right, improvement: improvement)
  }

  /// Moves the samples that go left to the front, in their order, and returns where the others start.
  @_specialize(where Rank == UInt16)
  @_specialize(where Rank == UInt32)
  private func partition(_ range: Range<Int>, by split: Split) -> Int {
    childTallies.update(repeating: 0, count: classCount)
    return features.ranks.withUnsafeBufferPointer { ranks in
      let column = ranks.baseAddress! + split.feature * features.sampleCount
      let last = split.lastLeftRank
      var left = range.lowerBound
      var right = 0
      for position in range {
        let row = samples[position]
        let payload = payloads[Int(row)]
        // Both places are written and one counter moves: no branch to mispredict.
        samples[left] = row
        spareSamples[right] = row
        let goesLeft = Int(column[Int(row)]) <= last
        left &+= goesLeft ? 1 : 0
        right &+= goesLeft ? 0 : 1
        childTallies[Int(payload >> 26)] &+=
          goesLeft ? (1 << 32 | payload & 0x3ff_ffff) : 0
      }
      (samples + left).update(from: spareSamples, count: right)
      return left
    }
  }

  // MARK: - Depth first

  private struct PendingNode {
    var range: Range<Int>
    var depth: Int
    var parent: Int
    var isLeft: Bool
    var impurity: Double
    var constantCount: Int
  }

  private func growDepthFirst(drawn: Int) -> Tree {
    var tree = Tree(classCount: classCount)
    var pending = [
      PendingNode(
        range: 0..<drawn, depth: 0, parent: -1, isLeft: false,
        impurity: impurity(of: nodeTallies, weight: totalWeight), constantCount: 0)
    ]
    // The tallies of pending nodes, `classCount` numbers each, in the same order.
    var pendingTallies = Array(UnsafeBufferPointer(start: nodeTallies, count: classCount))
    while var node = pending.popLast() {
      let first = pendingTallies.count - classCount
      for index in 0..<classCount { nodeTallies[index] = pendingTallies[first + index] }
      pendingTallies.removeLast(classCount)

      let weight = nodeWeight
      let index = appendNode(
        to: &tree, parent: node.parent, isLeft: node.isLeft, impurity: node.impurity,
        weight: weight, rows: node.range.count)
      guard
        !mustStop(
          depth: node.depth, rows: node.range.count, weight: weight, impurity: node.impurity),
        let division = divide(
          node.range, weight: weight, impurity: node.impurity, constantCount: &node.constantCount)
      else { continue }
      tree.split(index, at: division.threshold, by: division.feature)
      // The left child, pushed last, grows first: the order of scikit-learn's node numbers.
      pending.append(
        PendingNode(
          range: division.middle..<node.range.upperBound, depth: node.depth + 1, parent: index,
          isLeft: false, impurity: division.rightImpurity, constantCount: node.constantCount))
      for index in 0..<classCount {
        pendingTallies.append(nodeTallies[index] &- childTallies[index])
      }
      pending.append(
        PendingNode(
          range: node.range.lowerBound..<division.middle, depth: node.depth + 1, parent: index,
          isLeft: true, impurity: division.leftImpurity, constantCount: node.constantCount))
      for index in 0..<classCount { pendingTallies.append(childTallies[index]) }
    }
    return tree
  }

  // MARK: - Best first

  /// A node of the tree whose split was found and carried out but not yet taken into the tree.
  private struct FrontierNode: Prioritized {
    var node: Int
    var range: Range<Int>
    var depth: Int
    var division: Division?
    var tallies: [Tally]
    var leftTallies: [Tally]
    var priority: Double { division?.improvement ?? 0 }
  }

  private func growBestFirst(drawn: Int, maximumLeafCount: Int) -> Tree {
    var tree = Tree(classCount: classCount)
    var frontier = Frontier<FrontierNode>()
    frontier.push(
      addFrontierNode(
        to: &tree, range: 0..<drawn, depth: 0, parent: -1, isLeft: true,
        impurity: impurity(of: nodeTallies, weight: totalWeight)))
    var splitsLeft = maximumLeafCount - 1
    while let node = frontier.pop() {
      guard let division = node.division, splitsLeft > 0 else { continue }
      splitsLeft -= 1
      tree.split(node.node, at: division.threshold, by: division.feature)
      for index in 0..<classCount { nodeTallies[index] = node.leftTallies[index] }
      let left = addFrontierNode(
        to: &tree, range: node.range.lowerBound..<division.middle, depth: node.depth + 1,
        parent: node.node, isLeft: true, impurity: division.leftImpurity)
      for index in 0..<classCount {
        nodeTallies[index] = node.tallies[index] &- node.leftTallies[index]
      }
      let right = addFrontierNode(
        to: &tree, range: division.middle..<node.range.upperBound, depth: node.depth + 1,
        parent: node.node, isLeft: false, impurity: division.rightImpurity)
      frontier.push(left)
      frontier.push(right)
    }
    return tree
  }

  private func addFrontierNode(
    to tree: inout Tree, range: Range<Int>, depth: Int, parent: Int, isLeft: Bool,
    impurity: Double
  ) -> FrontierNode {
    let weight = nodeWeight
    let index = appendNode(
      to: &tree, parent: parent, isLeft: isLeft, impurity: impurity, weight: weight,
      rows: range.count)
    var division: Division?
    if !mustStop(depth: depth, rows: range.count, weight: weight, impurity: impurity) {
      // Growing best first, scikit-learn forgets which features were constant above.
      var constantCount = 0
      division = divide(range, weight: weight, impurity: impurity, constantCount: &constantCount)
    }
    return FrontierNode(
      node: index, range: range, depth: depth, division: division,
      tallies: Array(UnsafeBufferPointer(start: nodeTallies, count: classCount)),
      leftTallies: division == nil
        ? [] : Array(UnsafeBufferPointer(start: childTallies, count: classCount)))
  }
}
