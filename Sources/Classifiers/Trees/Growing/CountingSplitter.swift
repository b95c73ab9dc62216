/// Splits nodes whose samples' weights are whole numbers: how often each was drawn.
///
/// Each tree has its own records, one per distinct sample, with the sample's weight. A node's records are
/// contiguous, and splitting it moves them, so that every pass reads memory in order. Sums of whole numbers are
/// exact in any order, so a feature's splits are found by counting (see ``CellTable``) or, in small nodes, by
/// sorting.
///
/// - Complexity: O(*n* + *r·c*) for each feature that a node of *n* samples tries, with *r* distinct
///   values of the feature and *c* classes.
struct CountingSplitter: NodeSplitter, ~Copyable {
  /// A node's records, and memory of the same size for its children, at the same position of the other buffer.
  struct Part {
    var records: UnsafeMutableRawPointer
    var reserve: UnsafeMutableRawPointer
    var count: Int
  }

  let packed: PackedSamples
  let rules: GrowthRules
  let buffers: CountingBuffers
  private let labels: [Int]
  var random = SplitRandom(seed: 0)
  var drawing: CandidateDrawing
  private var rootCount = 0
  private var totalWeight = 0.0
  private(set) var minimumLeafWeight = 0.0
  /// The number of bits of the tree's largest weight.
  private(set) var weightBits = 1

  var classCount: Int { packed.classCount }
  private var records: UnsafeMutableRawPointer { UnsafeMutableRawPointer(buffers.records.start) }

  init(_ packed: PackedSamples, labels: [Int], rules: GrowthRules) {
    self.packed = packed
    self.labels = labels
    self.rules = rules
    buffers = CountingBuffers(packed, rules: rules)
    drawing = CandidateDrawing(
      featureCount: packed.featureCount, limit: rules.candidateFeatures)
  }

  mutating func begin(_ plan: TreePlan) {
    buffers.assertInvariants()
    drawing.assertInvariants()
    random = SplitRandom(seed: plan.seed)
    drawing.reset()
    buffers.rootWeights.start.update(repeating: 0, count: classCount)
    let largestWeight: Int
    if let draws = plan.draws {
      rootCount = gather(draws)
      largestWeight = Int(draws.max() ?? 1)
    } else {
      rootCount = gatherAll()
      largestWeight = 1
    }
    weightBits = PackedSamples.bitCount(upTo: largestWeight)
    totalWeight = (0..<classCount).reduce(0) { $0 + buffers.rootWeights.start[$1] }
    minimumLeafWeight = rules.minimumLeafWeightShare * totalWeight
  }

  /// Copies the samples that were drawn, with their weights; returns how many there are.
  private func gather(_ draws: [UInt32]) -> Int {
    let size = packed.recordSize
    let byteCount = packed.weightField.byteCount
    return draws.withUnsafeBufferPointer { draws in
      weigh(draws)
      return size == 16 && byteCount == 1
        ? gather(draws, size: 16, weightByteCount: 1)
        : gather(draws, size: size, weightByteCount: byteCount)
    }
  }

  @inline(__always)
  private func gather(
    _ draws: UnsafeBufferPointer<UInt32>, size: Int, weightByteCount: Int
  ) -> Int {
    let weightOffset = packed.weightField.offset
    let source = UnsafeRawPointer(packed.records.start)
    var record = records
    for sample in 0..<packed.sampleCount {
      let weight = draws[sample]
      // Every record is written, and overwritten by the next one if it was not drawn: no branch to mispredict.
      Self.copy(source + sample &* size, to: record, size: size)
      // Byte by byte: reading back more bytes than were written at once would wait for the writes.
      for byte in 0..<weightByteCount {
        record.storeBytes(
          of: UInt8(truncatingIfNeeded: weight &>> UInt32(truncatingIfNeeded: 8 &* byte)),
          toByteOffset: weightOffset &+ byte, as: UInt8.self)
      }
      record += weight > 0 ? size : 0
    }
    return (record - records) / size
  }

  /// Copies one record, whose size is a multiple of eight bytes.
  @inline(__always)
  private static func copy(
    _ record: UnsafeRawPointer, to place: UnsafeMutableRawPointer, size: Int
  ) {
    if size == 16 {
      place.storeBytes(
        of: record.loadUnaligned(as: SIMD2<UInt64>.self), as: SIMD2<UInt64>.self)
    } else {
      for offset in stride(from: 0, to: size, by: 8) {
        place.storeBytes(
          of: record.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
          toByteOffset: offset, as: UInt64.self)
      }
    }
  }

  /// Sums the classes' weights in the whole tree.
  private func weigh(_ draws: UnsafeBufferPointer<UInt32>) {
    guard classCount == 2 else {
      for (label, weight) in zip(labels, draws) {
        buffers.rootWeights.start[label] += Double(Int(weight))
      }
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
    buffers.rootWeights.start[0] = Double(total &- second)
    buffers.rootWeights.start[1] = Double(second)
  }

  /// Copies every sample with a weight of one; returns how many there are.
  private func gatherAll() -> Int {
    let size = packed.recordSize
    records.copyMemory(
      from: UnsafeRawPointer(packed.records.start), byteCount: packed.sampleCount * size)
    for (sample, label) in labels.enumerated() {
      let place = records + (sample &* size &+ packed.weightField.offset)
      place.storeBytes(of: 1, as: UInt8.self)
      buffers.rootWeights.start[label] += 1
    }
    return packed.sampleCount
  }

  func root(classWeights: UnsafeMutablePointer<Double>) -> Child<Part> {
    classWeights.update(from: buffers.rootWeights.start, count: classCount)
    let summary = NodeSummary(
      rowCount: rootCount, weight: totalWeight,
      impurity: impurity(classWeights, weight: totalWeight))
    return Child(
      part: Part(
        records: records, reserve: UnsafeMutableRawPointer(buffers.reserve.start), count: rootCount),
      summary: summary)
  }

  private func impurity(_ classWeights: UnsafePointer<Double>, weight: Double) -> Double {
    rules.criterion.impurity(classCount: classCount, total: weight) { classWeights[$0] }
  }

  mutating func split(
    _ part: Part, _ node: NodeSummary, classWeights: UnsafePointer<Double>,
    constantCount: inout Int, left: UnsafeMutablePointer<Double>,
    right: UnsafeMutablePointer<Double>
  ) -> NodeSplit<Part>? {
    guard
      let split = findSplit(
        part, classWeights: classWeights, constantCount: &constantCount, bestLeft: left)
    else { return nil }
    var leftWeight = 0.0
    for label in 0..<classCount {
      right[label] = classWeights[label] - left[label]
      leftWeight += left[label]
    }
    let rightWeight = node.weight - leftWeight
    let leftSide = SideSummary(weight: leftWeight, impurity: impurity(left, weight: leftWeight))
    let rightSide = SideSummary(
      weight: rightWeight, impurity: impurity(right, weight: rightWeight))
    let improvement = node.improvement(
      left: leftSide, right: rightSide, totalWeight: totalWeight)
    guard rules.accepts(improvement: improvement) else { return nil }
    // A pure child is a leaf, whose records are not needed.
    let (leftPart, rightPart) = move(
      part, by: split, keepsLeft: leftSide.impurity > GrowthRules.epsilon,
      keepsRight: rightSide.impurity > GrowthRules.epsilon)
    return NodeSplit(
      feature: split.feature, threshold: split.threshold,
      missingGoesLeft: split.missingGoesLeft ?? (leftPart.count > rightPart.count),
      improvement: improvement,
      left: Child(part: leftPart, summary: NodeSummary(leftSide, rowCount: leftPart.count)),
      right: Child(part: rightPart, summary: NodeSummary(rightSide, rowCount: rightPart.count)))
  }
}
