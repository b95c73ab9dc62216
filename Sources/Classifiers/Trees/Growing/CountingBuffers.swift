import LinearAlgebra

/// The working memory of a ``CountingSplitter``, allocated once for many trees.
struct CountingBuffers: ~Copyable {
  /// How many features are counted in one pass.
  static let passWidth = 3
  /// Up to this many records are sorted by insertion.
  static let insertionLimit = 20
  /// With at most this many cells a record, every cell is visited.
  static let denseLimit = 4
  /// With at most this many cells a record, touched cells are marked; with more, records are sorted.
  static let sparseLimit = 512
  /// Features of more cells are counted one at a time: several large tables would not share a cache.
  static let passCellLimit = 1 << 16
  /// The index in `tables` of the one for a feature that is counted alone.
  static let singleTable = passWidth

  // Each has room for all samples' records.
  let records: Buffer<UInt8>
  let reserve: Buffer<UInt8>
  /// The classes' weights in the whole tree.
  let rootWeights: Buffer<Double>
  /// Tables that are counted in one pass, followed by a single one.
  let tables: Buffer<CellTable>
  /// For features of many more ranks than a node has samples.
  let buckets: RankBuckets
  /// Counts samples if leaves need more than one; empty otherwise.
  let rowTable: CellTable
  /// The features that the node will probably try.
  let candidates: Buffer<Int>
  let left: Buffer<Int>
  let keys: Buffer<UInt64>
  let spareKeys: Buffer<UInt64>
  let digitStarts: Buffer<Int>

  init(_ packed: PackedSamples, rules: GrowthRules) {
    let byteCount = packed.sampleCount * packed.recordSize + PackedSamples.readBeyond
    // A record more, because one is written before it is known whether it stays.
    records = Buffer(uninitializedCount: byteCount + packed.recordSize)
    reserve = Buffer(uninitializedCount: byteCount)
    rootWeights = Buffer(repeating: 0, count: packed.classCount)
    let mostCells =
      (0..<packed.featureCount).lazy.map { packed.features.start[$0].cellCount }.max() ?? 1
    let cellCount = max(64, min(mostCells, Self.sparseLimit * packed.sampleCount))
    tables = Buffer(count: Self.passWidth + 1) { tables in
      for place in 0..<Self.passWidth {
        (tables + place).initialize(
          to: CellTable(cellCount: min(cellCount, Self.passCellLimit)))
      }
      (tables + Self.singleTable).initialize(to: CellTable(cellCount: cellCount))
    }
    let usesBuckets =
      packed.classCount == 2 && rules.criterion == .gini && rules.minimumLeafSize == 1
      && mostCells > Self.denseLimit * Self.insertionLimit
    buckets = RankBuckets(sampleCount: packed.sampleCount, isUsed: usesBuckets)
    rowTable = CellTable(cellCount: rules.minimumLeafSize > 1 ? cellCount : 0)
    candidates = Buffer(repeating: 0, count: packed.featureCount)
    left = Buffer(repeating: 0, count: packed.classCount)
    // Larger nodes are counted.
    let keyCount = max(
      mostCells / Self.sparseLimit + 1, Self.insertionLimit, buckets.keyLimit + 1)
    keys = Buffer(uninitializedCount: keyCount)
    spareKeys = Buffer(uninitializedCount: keyCount)
    digitStarts = Buffer(repeating: 0, count: 1 << RadixSort.digitBits)
  }

  /// All tables are empty, as they are between two trees.
  func assertInvariants() {
    #if DEBUG
      for place in 0..<tables.count { tables.start[place].assertInvariants() }
      rowTable.assertInvariants()
      buckets.assertInvariants()
    #endif
  }
}
