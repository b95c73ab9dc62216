import LinearAlgebra

/// Rows whose values are bins, a byte each, for growing trees.
///
/// The bins are there twice: feature after feature, to divide rows by one, and in blocks of four features, where one load
/// reads all bins of a row.
final class BinnedRows: @unchecked Sendable {  // Nothing changes after `init`.
  private static let blockWidth = 4

  let rowCount: Int
  let bins: [FeatureBins]
  /// Whether a row lacks each feature.
  let hasMissing: [Bool]
  /// The bins of each row's features of a block, low byte first; block after block. Bytes without a feature are 0. A block
  /// of one feature has no words, since its column serves.
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
    hasMissing = Parallelism.map(bins.count, threads: threads) { feature, _ in
      features.elements.withUnsafeBufferPointer { elements in
        guard rowCount > 0 else { return false }
        let values = elements.baseAddress! + places[feature]
        bins[feature].codes.write(
          values, stride: width, count: rowCount, to: columns + feature * rowCount, binStride: 1)
        return (0..<rowCount).contains { values[$0 &* width].isNaN }
      }
    }
    let blocksWithWords = (bins.count + Self.blockWidth - 2) / Self.blockWidth
    words = Buffer(uninitializedCount: blocksWithWords * rowCount)
    nonisolated(unsafe) let words = words.start
    Parallelism.forEach(blocksWithWords, threads: threads) { block, _ in
      let words = words + block * rowCount
      words.update(repeating: 0, count: rowCount)
      for lane in 0..<min(Self.blockWidth, bins.count - block * Self.blockWidth) {
        let column = columns + (block * Self.blockWidth + lane) * rowCount
        for row in 0..<rowCount { words[row] |= UInt32(column[row]) &<< UInt32(8 &* lane) }
      }
    }
    assertInvariants()
  }

  var featureCount: Int { bins.count }
  var blockCount: Int { (featureCount + Self.blockWidth - 1) / Self.blockWidth }

  /// The features of a block.
  func features(ofBlock block: Int) -> Range<Int> {
    block * Self.blockWidth..<min(featureCount, (block + 1) * Self.blockWidth)
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
