/// Divides nodes whose samples' weights are whole numbers: how often each was drawn.
///
/// Each tree has its own records, one per distinct sample, that carry the weight. A node's records stand
/// side by side, and dividing it moves the records themselves, so that every pass reads memory in
/// order. Sums of whole numbers are exact whatever their order; so a feature's splits are found by
/// counting (see ``CellTable``) or, in small nodes, by sorting.
///
/// - Complexity: O(*n* + *r·c*) for each feature that a node of *n* samples looks at, with *r* distinct
///   values of the feature and *c* classes.
struct TallyDivider: NodeDivider {
  /// Where a node's records lie, and the memory in reserve for its children: as many records' room,
  /// at the same place of the other buffer.
  struct Part {
    var records: UnsafeMutableRawPointer
    var reserve: UnsafeMutableRawPointer
    var count: Int
  }

  let packed: PackedSamples
  let rules: GrowthRules
  let memory: TallyMemory
  var random = SplitRandom(seed: 0)
  var drawing: CandidateDrawing
  private var rootCount = 0
  private var totalWeight = 0.0
  private(set) var minimumLeafWeight = 0.0
  /// How many bits the largest weight of the tree has.
  private(set) var weightBits = 1

  var classCount: Int { packed.classCount }

  init(_ packed: PackedSamples, rules: GrowthRules) {
    self.packed = packed
    self.rules = rules
    memory = TallyMemory(packed, rules: rules)
    drawing = memory.drawing
  }

  /// Makes ready for one tree.
  ///
  /// - Parameters:
  ///   - draws: how often each sample was drawn; `nil`: once each.
  ///   - seed: scikit-learn's `random_state` of this tree.
  mutating func begin(labels: [Int], draws: [UInt32]?, seed: UInt32) {
    random = SplitRandom(seed: seed)
    drawing.reset()
    memory.rootWeights.update(repeating: 0, count: classCount)
    let largestWeight =
      draws?.withUnsafeBufferPointer { gather(labels, draws: $0) } ?? gather(labels)
    weightBits = PackedSamples.bitCount(upTo: largestWeight)
    totalWeight = (0..<classCount).reduce(0) { $0 + memory.rootWeights[$1] }
    minimumLeafWeight = rules.minimumLeafWeightShare * totalWeight
  }

  /// Copies the samples that were drawn, with their weights; returns the largest weight.
  private mutating func gather(_ labels: [Int], draws: UnsafeBufferPointer<UInt32>) -> Int {
    let size = packed.recordSize
    let byteCount = packed.weightField.byteCount
    rootCount =
      size == 16 && byteCount == 1
      ? gather(draws, size: 16, weightByteCount: 1)
      : gather(draws, size: size, weightByteCount: byteCount)
    weigh(labels, draws)
    return Int(draws.max() ?? 1)
  }

  /// Copies the samples that were drawn, with their weights; returns how many there are.
  @inline(__always)
  private func gather(
    _ draws: UnsafeBufferPointer<UInt32>, size: Int, weightByteCount: Int
  ) -> Int {
    let weightOffset = packed.weightField.offset
    var record = memory.records
    for sample in 0..<packed.sampleCount {
      let weight = draws[sample]
      // Every record is written and stands until the next one is: no branch to mispredict.
      TallyMemory.copy(packed.records + sample &* size, to: record, size: size)
      // Byte by byte: reading back more than one was just written would wait for all writing.
      for byte in 0..<weightByteCount {
        record.storeBytes(
          of: UInt8(truncatingIfNeeded: weight &>> UInt32(truncatingIfNeeded: 8 &* byte)),
          toByteOffset: weightOffset &+ byte, as: UInt8.self)
      }
      record += weight > 0 ? size : 0
    }
    return (record - memory.records) / size
  }

  /// Adds up what each class weighs in the whole tree.
  private func weigh(_ labels: [Int], _ draws: UnsafeBufferPointer<UInt32>) {
    guard classCount == 2 else {
      for (label, weight) in zip(labels, draws) { memory.rootWeights[label] += Double(Int(weight)) }
      return
    }
    // In registers: sums in memory would wait for each other.
    var total = 0
    var second = 0
    labels.withUnsafeBufferPointer { labels in
      for sample in 0..<draws.count {
        let weight = Int(draws[sample])
        total &+= weight
        second &+= weight & (0 &- labels[sample])
      }
    }
    memory.rootWeights[0] = Double(total &- second)
    memory.rootWeights[1] = Double(second)
  }

  /// Copies every sample with a weight of one; returns the largest weight.
  private mutating func gather(_ labels: [Int]) -> Int {
    let size = packed.recordSize
    memory.records.copyMemory(from: packed.records, byteCount: packed.sampleCount * size)
    for (sample, label) in labels.enumerated() {
      let place = memory.records + (sample &* size &+ packed.weightField.offset)
      place.storeBytes(of: 1, as: UInt8.self)
      memory.rootWeights[label] += 1
    }
    rootCount = packed.sampleCount
    return 1
  }

  func root(classWeights: UnsafeMutablePointer<Double>) -> Child<Part> {
    classWeights.update(from: memory.rootWeights, count: classCount)
    let facts = NodeFacts(
      rowCount: rootCount, weight: totalWeight,
      impurity: impurity(classWeights, weight: totalWeight))
    return Child(
      part: Part(records: memory.records, reserve: memory.reserve, count: rootCount),
      facts: facts)
  }

  private func impurity(_ classWeights: UnsafePointer<Double>, weight: Double) -> Double {
    rules.criterion.impurity(classCount: classCount, total: weight) { classWeights[$0] }
  }

  mutating func divide(
    _ part: Part, _ node: NodeFacts, classWeights: UnsafePointer<Double>,
    constantCount: inout Int, left: UnsafeMutablePointer<Double>,
    right: UnsafeMutablePointer<Double>
  ) -> Division<Part>? {
    let split = findSplit(
      part, classWeights: classWeights, constantCount: &constantCount, bestLeft: left)
    guard split.feature >= 0 else { return nil }
    var leftWeight = 0.0
    for label in 0..<classCount {
      right[label] = classWeights[label] - left[label]
      leftWeight += left[label]
    }
    let rightWeight = node.weight - leftWeight
    let leftImpurity = impurity(left, weight: leftWeight)
    let rightImpurity = impurity(right, weight: rightWeight)
    let improvement =
      node.weight / totalWeight
      * (node.impurity - rightWeight / node.weight * rightImpurity
        - leftWeight / node.weight * leftImpurity)
    guard rules.accepts(improvement: improvement) else { return nil }
    // A pure child is a leaf, and nobody will read its records.
    let (leftPart, rightPart) = divide(
      part, by: split, keepsLeft: leftImpurity > GrowthRules.epsilon,
      keepsRight: rightImpurity > GrowthRules.epsilon)
    return Division(
      feature: split.feature, threshold: split.threshold, improvement: improvement,
      left: Child(
        part: leftPart,
        facts: NodeFacts(
          rowCount: leftPart.count, weight: leftWeight, impurity: leftImpurity)),
      right: Child(
        part: rightPart,
        facts: NodeFacts(
          rowCount: rightPart.count, weight: rightWeight, impurity: rightImpurity)))
  }
}
