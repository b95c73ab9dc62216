/// Divides nodes whose samples' weights are whole numbers: how often each was drawn.
///
/// Each tree has its own records, one per distinct sample, that carry the weight. A node's records stand
/// side by side, and dividing it moves the records themselves, so that every pass reads memory in
/// order. Sums of whole numbers are exact whatever their order; so a feature's splits are found by
/// counting (see ``CellTable``) or, in small nodes, by sorting.
///
/// - Complexity: O(*n* + *r·c*) for each feature that a node of *n* samples looks at, with *r* distinct
///   values of the feature and *c* classes.
final class TallyDivider: NodeDivider {
  /// Where a node's records lie, and the memory in reserve for its children: as many records' room,
  /// at the same place of the other buffer.
  struct Part {
    var records: UnsafeMutablePointer<UInt64>
    var reserve: UnsafeMutablePointer<UInt64>
    var count: Int
  }

  let packed: PackedSamples
  let rules: GrowthRules
  var random = SplitRandom(seed: 0)
  var drawing: CandidateDrawing
  private var rootCount = 0
  private var totalWeight = 0.0
  private(set) var minimumLeafWeight = 0.0
  /// How many bits the largest weight of the tree has.
  private(set) var weightBits = 1

  private let records: UnsafeMutablePointer<UInt64>
  private let reserve: UnsafeMutablePointer<UInt64>
  private let rootWeights: UnsafeMutablePointer<Double>
  let search: SearchMemory

  var classCount: Int { packed.classCount }

  init(_ packed: PackedSamples, rules: GrowthRules) {
    self.packed = packed
    self.rules = rules
    drawing = CandidateDrawing(
      featureCount: packed.featureCount, limit: rules.candidateFeatures)
    records = .allocate(capacity: packed.sampleCount * packed.recordSize)
    reserve = .allocate(capacity: packed.sampleCount * packed.recordSize)
    rootWeights = .allocate(capacity: packed.classCount)
    search = SearchMemory(packed, rules: rules)
  }

  deinit {
    records.deallocate()
    reserve.deallocate()
    rootWeights.deallocate()
    search.deallocate()
  }

  /// Makes ready for one tree.
  ///
  /// - Parameters:
  ///   - draws: how often each sample was drawn; `nil`: once each.
  ///   - seed: scikit-learn's `random_state` of this tree.
  func begin(labels: [Int], draws: [UInt32]?, seed: UInt32) {
    random = SplitRandom(seed: seed)
    drawing.reset()
    rootWeights.update(repeating: 0, count: classCount)
    rootCount = 0
    var largestWeight = 1
    let size = packed.recordSize
    let weightField = packed.weightField
    packed.words.withUnsafeBufferPointer { words in
      for sample in 0..<packed.sampleCount {
        let weight = Int(draws?[sample] ?? 1)
        guard weight > 0 else { continue }
        largestWeight = max(largestWeight, weight)
        rootWeights[labels[sample]] += Double(weight)
        let record = records + rootCount &* size
        for word in 0..<size { record[word] = words[sample &* size &+ word] }
        record[weightField.word] |= UInt64(truncatingIfNeeded: weight) << weightField.shift
        rootCount &+= 1
      }
    }
    weightBits = PackedSamples.bitCount(upTo: largestWeight)
    totalWeight = (0..<classCount).reduce(0) { $0 + rootWeights[$1] }
    minimumLeafWeight = rules.minimumLeafWeightShare * totalWeight
  }

  func root(classWeights: UnsafeMutablePointer<Double>) -> Child<Part> {
    classWeights.update(from: rootWeights, count: classCount)
    let facts = NodeFacts(
      rowCount: rootCount, weight: totalWeight,
      impurity: impurity(classWeights, weight: totalWeight))
    return Child(
      part: Part(records: records, reserve: reserve, count: rootCount), facts: facts)
  }

  private func impurity(_ classWeights: UnsafePointer<Double>, weight: Double) -> Double {
    rules.criterion.impurity(classCount: classCount, total: weight) { classWeights[$0] }
  }

  func divide(
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

  // MARK: - Moving records

  /// Moves the records of each child together, those of children that nobody keeps excepted.
  private func divide(
    _ part: Part, by split: BestSplit, keepsLeft: Bool, keepsRight: Bool
  ) -> (left: Part, right: Part) {
    let size = packed.recordSize
    let cells = RecordColumn(
      part.records, recordSize: size, field: packed.fields[split.feature])
    let firstRight = (split.lastLeftRank + 1) * classCount
    let leftCount: Int
    if keepsLeft && keepsRight {
      leftCount =
        size == 2
        ? Self.divide(part, cells, firstRight: firstRight)
        : Self.divide(part, size: size, cells, firstRight: firstRight)
    } else if keepsLeft || keepsRight {
      let kept = Self.gather(
        part, size: size, cells, firstRight: firstRight, gathersLeft: keepsLeft)
      leftCount = keepsLeft ? kept : part.count - kept
    } else {
      leftCount = (0..<part.count).reduce(0) { $0 &+ (cells[$1] < firstRight ? 1 : 0) }
    }
    var left = part
    left.count = leftCount
    var right = part
    right.count = part.count - leftCount
    if keepsLeft && keepsRight {
      // The right child stands at the end of what was the reserve, and has its reserve in turn there
      // where the records were.
      right.records = part.reserve + leftCount * size
      right.reserve = part.records + leftCount * size
    }
    return (left, right)
  }

  /// Moves records of two words: those of the left child to the front, in place, and those of the
  /// right child to the reserve, from its end. Returns how many go left.
  private static func divide(_ part: Part, _ cells: RecordColumn, firstRight: Int) -> Int {
    let raw = UnsafeMutableRawPointer(part.records)
      .assumingMemoryBound(to: SIMD2<UInt64>.self)
    var right =
      UnsafeMutableRawPointer(part.reserve)
      .assumingMemoryBound(to: SIMD2<UInt64>.self) + (part.count - 1)
    var left = raw
    for index in 0..<part.count {
      let record = raw[index]
      let step = cells[index] < firstRight ? 1 : 0
      // Both places are written and one of them moves: no branch to mispredict.
      left.pointee = record
      right.pointee = record
      left += step
      right -= 1 &- step
    }
    return left - raw
  }

  private static func divide(
    _ part: Part, size: Int, _ cells: RecordColumn, firstRight: Int
  ) -> Int {
    var left = 0
    var right = part.count - 1
    for index in 0..<part.count {
      let step = cells[index] < firstRight ? 1 : 0
      let record = part.records + index &* size
      let leftPlace = part.records + left &* size
      let rightPlace = part.reserve + right &* size
      for word in 0..<size {
        let value = record[word]
        leftPlace[word] = value
        rightPlace[word] = value
      }
      left &+= step
      right &-= 1 &- step
    }
    return left
  }

  /// Moves the records of one child to the front and forgets the others; returns how many there are.
  private static func gather(
    _ part: Part, size: Int, _ cells: RecordColumn, firstRight: Int, gathersLeft: Bool
  ) -> Int {
    var kept = 0
    for index in 0..<part.count {
      let isKept = (cells[index] < firstRight) == gathersLeft
      for word in 0..<size {
        part.records[kept &* size &+ word] = part.records[index &* size &+ word]
      }
      kept &+= isKept ? 1 : 0
    }
    return kept
  }
}
