import LinearAlgebra

/// Rows whose values are bins, a byte each, for growing trees.
///
/// The bins are there twice: feature after feature, to divide rows by one, and in blocks of four features, where one load
/// reads all bins of a row.
final class BinnedRows: @unchecked Sendable {  // Nothing changes after `init`.
  private static let blockWidth = 4
  /// A cache line has the numbers of so many features, and the first cache the lines of so many rows.
  private static let (groupWidth, tileSize) = (8, 256)

  let rowCount: Int
  let bins: [FeatureBins]
  /// Whether a row lacks each feature.
  let hasMissing: [Bool]
  /// The bins of each row's features of a block, low byte first; block after block. Bytes without a feature are 0. Those
  /// of a block of one feature are not written, since its column serves.
  private let words: Buffer<UInt32>
  /// The bins of a feature's rows, feature after feature.
  private let columns: Buffer<UInt8>

  /// - Parameter places: where each feature is in the matrix.
  init(_ features: Matrix, _ bins: [FeatureBins], places: [Int], threads: Int) {
    rowCount = features.rowCount
    self.bins = bins
    let (rowCount, width) = (rowCount, features.columnCount)
    columns = Buffer(uninitializedCount: bins.count * rowCount)
    nonisolated(unsafe) let columns = columns.start
    let groupCount = (bins.count + Self.groupWidth - 1) / Self.groupWidth
    hasMissing = Parallelism.map(groupCount, threads: threads) { group, _ in
      let group = group * Self.groupWidth..<min(bins.count, (group + 1) * Self.groupWidth)
      var hasMissing = group.map { _ in false }
      let codes = bins[group].map(\.codes)
      features.elements.withUnsafeBufferPointer { elements in
        for row in stride(from: 0, to: rowCount, by: Self.tileSize) {
          let count = min(Self.tileSize, rowCount - row)
          for (number, feature) in group.enumerated() {
            let column = columns + feature * rowCount + row
            codes[number].write(
              elements.baseAddress! + (row * width + places[feature]), stride: width, count: count,
              to: column, binStride: 1)
            let missing = UInt8(truncatingIfNeeded: bins[feature].missingBin)
            var found: UInt8 = 0
            for place in 0..<count { found |= column[place] == missing ? 1 : 0 }
            if found == 1 { hasMissing[number] = true }
          }
        }
      }
      return hasMissing
    }.flatMap { $0 }
    words = Buffer(uninitializedCount: Self.blockCount(bins.count) * rowCount)
    nonisolated(unsafe) let words = words.start
    Parallelism.forEach(Self.blockCount(bins.count), threads: threads) { block, _ in
      let features = Self.features(ofBlock: block, count: bins.count)
      if features.count == 1 { return }
      let words = words + block * rowCount
      words.update(repeating: 0, count: rowCount)
      for (lane, feature) in features.enumerated() {
        let column = columns + feature * rowCount
        for row in 0..<rowCount { words[row] |= UInt32(column[row]) &<< UInt32(8 &* lane) }
      }
    }
    assertInvariants()
  }

  var featureCount: Int { bins.count }
  var blockCount: Int { Self.blockCount(featureCount) }

  private static func blockCount(_ featureCount: Int) -> Int {
    (featureCount + blockWidth - 1) / blockWidth
  }

  /// The features of a block.
  func features(ofBlock block: Int) -> Range<Int> {
    Self.features(ofBlock: block, count: featureCount)
  }

  /// The first block has what is left over: the thread that leads a ``Team`` begins with it, and while its helpers are
  /// still waking goes on to another.
  private static func features(ofBlock block: Int, count: Int) -> Range<Int> {
    let end = count - (blockCount(count) - 1 - block) * blockWidth
    return max(0, end - blockWidth)..<end
  }

  /// A block's bins, a word per row; not to be read if the block has one feature.
  func words(ofBlock block: Int) -> UnsafePointer<UInt32> {
    UnsafePointer(words.start + block * rowCount)
  }

  /// A feature's bins, row by row.
  func column(_ feature: Int) -> UnsafePointer<UInt8> {
    UnsafePointer(columns.start + feature * rowCount)
  }

  /// Every bin is one of its feature's.
  func assertInvariants() {
    #if DEBUG
      for feature in 0..<featureCount {
        let column = column(feature)
        let last = hasMissing[feature] ? bins[feature].missingBin : bins[feature].count - 1
        for row in 0..<rowCount {
          precondition(Int(column[row]) <= last, "feature \(feature), row \(row)")
        }
      }
    #endif
  }
}
