import LinearAlgebra

/// Rows whose values are bins, a byte each, for growing trees.
///
/// Four features make a block: the bins of one row are next to each other, so that one load reads them.
final class BinnedRows: @unchecked Sendable {  // Nothing changes after `init`.
  static let blockWidth = 4

  let rowCount: Int
  let bins: [FeatureBins]
  /// Whether a row lacks each feature.
  let hasMissing: [Bool]
  /// The bins of each row's features of a block, low byte first; block after block. Bytes without a feature are 0.
  private let words: Buffer<UInt32>

  /// - Parameter columns: where each feature is in the matrix.
  init(_ features: Matrix, _ bins: [FeatureBins], columns: [Int], threads: Int) {
    rowCount = features.rowCount
    self.bins = bins
    let (rowCount, width) = (rowCount, features.columnCount)
    let blockCount = (bins.count + Self.blockWidth - 1) / Self.blockWidth
    words = Buffer(repeating: 0, count: blockCount * rowCount)
    nonisolated(unsafe) let bytes = UnsafeMutableRawPointer(words.start)
      .assumingMemoryBound(to: UInt8.self)
    hasMissing = Parallelism.map(bins.count, threads: threads) { feature, _ in
      let block = feature / Self.blockWidth
      let lane = bytes + block * rowCount * Self.blockWidth + feature % Self.blockWidth
      return features.elements.withUnsafeBufferPointer { elements in
        guard rowCount > 0 else { return false }
        let values = elements.baseAddress! + columns[feature]
        bins[feature].codes.write(
          values, stride: width, count: rowCount, to: lane, binStride: Self.blockWidth)
        return (0..<rowCount).contains { values[$0 &* width].isNaN }
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

  /// A block's bins, a word per row.
  func words(ofBlock block: Int) -> UnsafePointer<UInt32> {
    UnsafePointer(words.start + block * rowCount)
  }

  /// A feature's bins: those of rows follow each other after ``blockWidth`` bytes.
  func bytes(ofFeature feature: Int) -> UnsafePointer<UInt8> {
    let block = UnsafeRawPointer(words(ofBlock: feature / Self.blockWidth))
    return (block + feature % Self.blockWidth).assumingMemoryBound(to: UInt8.self)
  }

  /// Every bin is one of its feature's.
  func assertInvariants() {
    #if DEBUG
      for feature in 0..<featureCount {
        let bytes = bytes(ofFeature: feature)
        let last = hasMissing[feature] ? bins[feature].missingBin : bins[feature].count - 1
        for row in 0..<rowCount {
          precondition(
            Int(bytes[row * Self.blockWidth]) <= last, "feature \(feature), row \(row)")
        }
      }
    #endif
  }
}
