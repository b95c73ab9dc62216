import Datasets

/// Splits nodes whose samples' weights are not whole numbers.
///
/// Sums of such weights are rounded depending on the order of addition, and a last bit decides between splits that are
/// equally good, and whether a node counts as pure. So every addition is in scikit-learn 1.9.1's order: samples are
/// sorted by each feature that is tried (and stay in that order for the next one), and the left side's sums are
/// updated from the last threshold forward, or from the node's end backward if that is shorter.
///
/// - Complexity: O(*n* log *n*) for each feature that a node of *n* samples tries.
struct SortingSplitter: NodeSplitter, ~Copyable {
  private let packed: PackedSamples
  private let labels: [Int]
  private let rules: GrowthRules
  private var random = SplitRandom(seed: 0)
  private var drawing: CandidateDrawing
  /// The weight of each sample of the data.
  private var weights: [Double] = []
  private var sampleCount = 0
  private var totalWeight = 0.0
  private(set) var minimumLeafWeight = 0.0

  // A node is a range of these: its samples, and their ranks in the current feature.
  private let sampleBuffer: Buffer<Int32>
  private let rankBuffer: Buffer<UInt32>
  private var left: ClassSums
  private var right: ClassSums

  /// The weights of the samples on one side.
  private struct ClassSums {
    var classes: [Double]
    var weight = 0.0
  }

  private var classCount: Int { packed.classCount }
  private var samples: UnsafeMutablePointer<Int32> { sampleBuffer.start }
  private var ranks: UnsafeMutablePointer<UInt32> { rankBuffer.start }

  init(_ packed: PackedSamples, labels: [Int], rules: GrowthRules) {
    self.packed = packed
    self.labels = labels
    self.rules = rules
    drawing = CandidateDrawing(
      featureCount: packed.featureCount, limit: rules.candidateFeatures)
    sampleBuffer = Buffer(repeating: 0, count: packed.sampleCount)
    rankBuffer = Buffer(repeating: 0, count: packed.sampleCount)
    left = ClassSums(classes: [Double](repeating: 0, count: packed.classCount))
    right = left
  }

  mutating func begin(_ plan: TreePlan) {
    drawing.assertInvariants()
    random = SplitRandom(seed: plan.seed)
    drawing.reset()
    // The weight of one draw of each class.
    let classWeights = plan.classWeights ?? [Double](repeating: 1, count: classCount)
    weights = labels.enumerated().map { sample, label in
      Double(plan.draws?[sample] ?? 1) * classWeights[label]
    }
    sampleCount = 0
    totalWeight = 0
    for (sample, weight) in weights.enumerated() {
      totalWeight += weight
      guard weight != 0 else { continue }
      samples[sampleCount] = Int32(truncatingIfNeeded: sample)
      sampleCount += 1
    }
    minimumLeafWeight = rules.minimumLeafWeightShare * PairwiseSum.sum(weights)
  }

  func root(classWeights: UnsafeMutablePointer<Double>) -> Child<Range<Int>> {
    var root = child(0..<sampleCount, impurity: 0, classWeights: classWeights)
    root.summary.impurity = rules.criterion.impurity(
      classCount: classCount, total: root.summary.weight
    ) { classWeights[$0] }
    return root
  }

  /// A node of the samples in that range, in their order.
  private func child(
    _ range: Range<Int>, impurity: Double, classWeights: UnsafeMutablePointer<Double>
  ) -> Child<Range<Int>> {
    classWeights.update(repeating: 0, count: classCount)
    var weight = 0.0
    for position in range {
      let sample = Int(samples[position])
      classWeights[labels[sample]] += weights[sample]
      weight += weights[sample]
    }
    return Child(
      part: range,
      summary: NodeSummary(rowCount: range.count, weight: weight, impurity: impurity))
  }

  // MARK: - Splitting

  /// The samples of a node, their weights, and the end of the left side.
  private struct Scan {
    let range: Range<Int>
    let node: NodeSummary
    let classWeights: UnsafePointer<Double>
    var position: Int
  }

  private struct Candidate {
    var feature: Int
    var threshold: Double
    var lastLeftRank: Int
    var position: Int
    /// Where samples go that lack the feature; `nil` if the node has none.
    var missingGoesLeft: Bool?
  }

  mutating func split(
    _ part: Range<Int>, _ node: NodeSummary, classWeights: UnsafePointer<Double>,
    constantCount: inout Int, left leftWeights: UnsafeMutablePointer<Double>,
    right rightWeights: UnsafeMutablePointer<Double>
  ) -> NodeSplit<Range<Int>>? {
    var scan = Scan(
      range: part, node: node, classWeights: classWeights, position: part.lowerBound)
    var best: Candidate?
    var bestScore = -Double.infinity
    var lastFeature: Int?
    drawing.begin(constantCount: constantCount)
    while let feature = drawing.next(&random) {
      lastFeature = feature
      for position in part {
        ranks[position] = UInt32(
          truncatingIfNeeded: packed.rank(ofSample: Int(samples[position]), feature: feature))
      }
      let isConstant =
        switch rules.splitter {
        case .best: tryEveryThreshold(feature, &scan, best: &best, bestScore: &bestScore)
        case .random: tryRandomThreshold(feature, &scan, best: &best, bestScore: &bestScore)
        }
      drawing.settle(isConstant: isConstant)
    }
    constantCount = drawing.end()
    guard let best else { return nil }

    // After random thresholds, the samples may already be in the order of the best split.
    if rules.splitter == .best || best.feature != lastFeature { partition(part, by: best) }
    assertPartition(part, by: best)
    begin(&scan)
    move(&scan, to: best.position)
    let leftSide = SideSummary(weight: left.weight, impurity: impurity(of: left))
    let rightSide = SideSummary(weight: right.weight, impurity: impurity(of: right))
    let improvement = node.improvement(
      left: leftSide, right: rightSide, totalWeight: totalWeight)
    guard rules.accepts(improvement: improvement) else { return nil }
    return NodeSplit(
      feature: best.feature, threshold: best.threshold,
      missingGoesLeft: best.missingGoesLeft
        ?? (best.position - part.lowerBound > part.upperBound - best.position),
      improvement: improvement,
      left: child(
        part.lowerBound..<best.position, impurity: leftSide.impurity, classWeights: leftWeights),
      right: child(
        best.position..<part.upperBound, impurity: rightSide.impurity,
        classWeights: rightWeights))
  }

  private func impurity(of side: ClassSums) -> Double {
    rules.criterion.impurity(classCount: classCount, total: side.weight) { side.classes[$0] }
  }

  // MARK: - The left side's sums

  /// Begins with an empty left side.
  private mutating func begin(_ scan: inout Scan) {
    scan.position = scan.range.lowerBound
    for label in 0..<classCount { left.classes[label] = 0 }
    left.weight = 0
  }

  /// Moves the end of the left side to `position`, by adding from its old end or by subtracting from the whole node,
  /// whichever is shorter.
  private mutating func move(_ scan: inout Scan, to position: Int) {
    if position - scan.position <= scan.range.upperBound - position {
      for index in scan.position..<position {
        let sample = Int(samples[index])
        left.classes[labels[sample]] += weights[sample]
        left.weight += weights[sample]
      }
    } else {
      for label in 0..<classCount { left.classes[label] = scan.classWeights[label] }
      left.weight = scan.node.weight
      for index in (position..<scan.range.upperBound).reversed() {
        let sample = Int(samples[index])
        left.classes[labels[sample]] -= weights[sample]
        left.weight -= weights[sample]
      }
    }
    right.weight = scan.node.weight - left.weight
    for label in 0..<classCount {
      right.classes[label] = scan.classWeights[label] - left.classes[label]
    }
    scan.position = position
  }

  /// The score of the split at a position; `nil` if a side is too small.
  private mutating func score(_ scan: inout Scan, at position: Int) -> Double? {
    guard position - scan.range.lowerBound >= rules.minimumLeafSize,
      scan.range.upperBound - position >= rules.minimumLeafSize
    else { return nil }
    move(&scan, to: position)
    guard !(left.weight < minimumLeafWeight), !(right.weight < minimumLeafWeight) else {
      return nil
    }
    let leftImpurity = impurity(of: left)
    let rightImpurity = impurity(of: right)
    return -right.weight * rightImpurity - left.weight * leftImpurity
  }

  // MARK: - Thresholds

  /// Returns whether the feature is constant in the node.
  ///
  /// Samples that lack the feature are behind the others, as if their value were infinity: they go right, and the last
  /// threshold separates them from the others. Then they go left, in front of the others.
  private mutating func tryEveryThreshold(
    _ feature: Int, _ scan: inout Scan, best: inout Candidate?, bestScore: inout Double
  ) -> Bool {
    let range = scan.range
    let (values, missingRank) = column(feature)
    let present = range.lowerBound..<moveMissingToEnd(range, missingRank)
    let missingCount = range.count - present.count
    OrderedSort(ranks: ranks + range.lowerBound, samples: samples + range.lowerBound)
      .sort(count: present.count)
    let first = values[Int(ranks[range.lowerBound])]
    if values[Int(ranks[range.upperBound - 1])] <= first + SplitThreshold.smallestGap {
      return true
    }
    var split = Candidate(
      feature: feature, threshold: 0, lastLeftRank: 0, position: 0,
      missingGoesLeft: missingCount > 0 ? false : nil)
    tryThresholds(range.dropFirst(), &scan, &split, best: &best, bestScore: &bestScore)
    if missingCount > 0 {
      rotate(range, to: present.upperBound)
      split.missingGoesLeft = true
      tryThresholds(
        range.dropFirst(missingCount + 1), &scan, &split, best: &best, bestScore: &bestScore)
    }
    return false
  }

  /// Tries to end the left side at each of these positions.
  private mutating func tryThresholds(
    _ positions: Range<Int>, _ scan: inout Scan, _ split: inout Candidate, best: inout Candidate?,
    bestScore: inout Double
  ) {
    let values = packed.features.start[split.feature].values
    begin(&scan)
    for position in positions {
      let lower = Int(ranks[position - 1])
      let upper = Int(ranks[position])
      guard values[upper] > values[lower] + SplitThreshold.smallestGap,
        let score = score(&scan, at: position), score > bestScore
      else { continue }
      bestScore = score
      split.threshold = SplitThreshold.between(values[lower], values[upper])
      split.lastLeftRank = lower
      split.position = position
      best = split
    }
  }

  /// Returns whether the feature is constant in the node.
  private mutating func tryRandomThreshold(
    _ feature: Int, _ scan: inout Scan, best: inout Candidate?, bestScore: inout Double
  ) -> Bool {
    let range = scan.range
    let (values, missingRank) = column(feature)
    var lowest = Int(UInt32.max)
    var highest = -1
    var someMissing = false
    for position in range {
      let rank = Int(ranks[position])
      if rank == missingRank {
        someMissing = true
      } else {
        lowest = min(lowest, rank)
        highest = max(highest, rank)
      }
    }
    guard
      let threshold = SplitThreshold.random(
        &random, values, lowest: lowest, highest: highest, someMissing: someMissing)
    else { return true }
    var split = Candidate(
      feature: feature, threshold: threshold.value, lastLeftRank: threshold.lastLeftRank,
      position: 0, missingGoesLeft: threshold.missingGoesLeft)
    split.position = partition(range, by: split)
    begin(&scan)
    if let score = score(&scan, at: split.position), score > bestScore {
      bestScore = score
      best = split
    }
    return false
  }

  // MARK: - Moving samples

  private func column(_ feature: Int) -> (UnsafeBufferPointer<Float>, missingRank: Int?) {
    (packed.features.start[feature].values, packed.features.start[feature].missingRank)
  }

  /// Moves samples that lack the current feature behind the others, exchanging each with the last that has it; returns
  /// where they start.
  private func moveMissingToEnd(_ range: Range<Int>, _ missingRank: Int?) -> Int {
    guard let missingRank else { return range.upperBound }
    var start = range.lowerBound
    var end = range.upperBound
    while start < end {
      if ranks[end - 1] == missingRank {
        end -= 1
        continue
      }
      if ranks[start] == missingRank {
        end -= 1
        (ranks[start], ranks[end]) = (ranks[end], ranks[start])
        (samples[start], samples[end]) = (samples[end], samples[start])
      }
      start += 1
    }
    return end
  }

  /// Exchanges the samples before the position with those from there on; each part stays in its order.
  private func rotate(_ range: Range<Int>, to position: Int) {
    func reverse(_ part: Range<Int>) {
      for offset in 0..<part.count / 2 {
        let (low, high) = (part.lowerBound + offset, part.upperBound - 1 - offset)
        (ranks[low], ranks[high]) = (ranks[high], ranks[low])
        (samples[low], samples[high]) = (samples[high], samples[low])
      }
    }
    reverse(range.lowerBound..<position)
    reverse(position..<range.upperBound)
    reverse(range)
  }

  /// Moves the samples that go left to the front, exchanging each other one with the last that was not examined; returns
  /// where the right side starts.
  @discardableResult
  private func partition(_ range: Range<Int>, by split: Candidate) -> Int {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end {
      let sample = samples[start]
      if goesLeft(sample, by: split) {
        start += 1
      } else {
        end -= 1
        samples[start] = samples[end]
        samples[end] = sample
      }
    }
    return end
  }

  private func goesLeft(_ sample: Int32, by split: Candidate) -> Bool {
    let rank = packed.rank(ofSample: Int(sample), feature: split.feature)
    return rank <= split.lastLeftRank
      || split.missingGoesLeft == true && rank == column(split.feature).missingRank
  }

  /// The samples up to the split's position go left, and the others right.
  private func assertPartition(_ range: Range<Int>, by split: Candidate) {
    #if DEBUG
      for position in range {
        precondition(
          goesLeft(samples[position], by: split) == (position < split.position),
          "sample \(position)")
      }
    #endif
  }
}
