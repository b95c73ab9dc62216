import LinearAlgebra

/// The memory that growing needs, taken once for many trees.
final class TallyMemory {
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

  // Room for all samples' records, twice.
  let records: UnsafeMutableRawPointer
  let reserve: UnsafeMutableRawPointer
  /// What each class weighs in the whole tree.
  let rootWeights: UnsafeMutablePointer<Double>
  let drawing: CandidateDrawing
  /// Tables that are counted in one pass, and the features that they hold; −1: none.
  let tables: [CellTable]
  let counted: UnsafeMutablePointer<Int>
  /// A table for a feature that is counted alone.
  let singleTable: CellTable
  let rowTable: CellTable?
  /// The features that the node will probably look at.
  let candidates: UnsafeMutablePointer<Int>
  let left: UnsafeMutablePointer<Int>
  let keys: UnsafeMutablePointer<UInt64>
  let spareKeys: UnsafeMutablePointer<UInt64>
  let digitStarts: UnsafeMutablePointer<Int>

  init(_ packed: PackedSamples, rules: GrowthRules) {
    let byteCount = packed.sampleCount * packed.recordSize + PackedSamples.readBeyond
    // A record more, because one is written before it is known whether it stays.
    records = .allocate(byteCount: byteCount + packed.recordSize, alignment: 64)
    reserve = .allocate(byteCount: byteCount, alignment: 64)
    rootWeights = .allocate(capacity: packed.classCount)
    drawing = CandidateDrawing(
      featureCount: packed.featureCount, limit: rules.candidateFeatures)
    let mostCells = (0..<packed.featureCount).lazy.map { packed.features[$0].cellCount }.max() ?? 1
    let cellCount = max(64, min(mostCells, Self.sparseLimit * packed.sampleCount))
    tables = (0..<Self.passWidth).map { _ in
      CellTable(cellCount: min(cellCount, Self.passCellLimit))
    }
    singleTable = CellTable(cellCount: cellCount)
    rowTable = rules.minimumLeafSize > 1 ? CellTable(cellCount: cellCount) : nil
    candidates = .allocate(capacity: packed.featureCount)
    counted = .allocate(capacity: Self.passWidth)
    counted.initialize(repeating: -1, count: Self.passWidth)
    left = .allocate(capacity: packed.classCount)
    // Larger nodes are counted.
    let keyCount = max(mostCells / Self.sparseLimit + 1, Self.insertionLimit)
    keys = .allocate(capacity: keyCount)
    spareKeys = .allocate(capacity: keyCount)
    digitStarts = .allocate(capacity: 1 << RadixSort.digitBits)
  }

  deinit {
    records.deallocate()
    reserve.deallocate()
    rootWeights.deallocate()
    drawing.deallocate()
    for table in tables { table.deallocate() }
    counted.deallocate()
    singleTable.deallocate()
    rowTable?.deallocate()
    candidates.deallocate()
    left.deallocate()
    keys.deallocate()
    spareKeys.deallocate()
    digitStarts.deallocate()
  }

  /// Copies one record, whose size is a multiple of eight bytes.
  @inline(__always)
  static func copy(
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
}
