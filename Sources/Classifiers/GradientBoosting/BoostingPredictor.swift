import LinearAlgebra
import ModelFiles
import Support

/// Boosted trees for predicting: rows become bins, and a block of rows meets one tree after the other. With few rows, or
/// large trees, each row walks down; otherwise leaves are looked up in tables.
struct BoostingPredictor: Sendable {
  /// The rows of a block, whose bins stay in the first-level cache together with a tree.
  private static let blockSize = 256
  /// The fewest rows for which making the tables takes less time than walking.
  private static let tableRowCount = 2048

  /// Eight bytes. A row goes left when its bin plus `shift` is at most `limit`: a shift of one makes the bin of missing
  /// values zero, so that they go left too. A leaf compares a feature after the last, whose bin is zero in every row,
  /// and leads to itself.
  private struct Node: BitwiseCopyable, Sendable {
    /// The distance to the left child, which the right one follows; 0 in a leaf.
    var way: UInt32 = 0
    var feature: UInt16
    var shift: UInt8 = 0
    var limit: UInt8 = .max
  }

  private let codes: [BinCodes]
  private let baseline: [Double]
  private let roots: [Int]
  private let nodes: [Node]
  /// The bins that stay or go left in each node; empty if all features are numbers, for which nodes say it.
  private let leftBins: [BinSet]
  /// The value of each node that is a leaf.
  private let values: [Double]
  private let tables: MadeTables

  init(_ tensors: BoostingTensors) {
    let starts = tensors.firstThresholds.map { Int($0) }
    let featureCount = starts.count - 1
    codes = (0..<featureCount).map { feature in
      BinCodes(
        Array(tensors.thresholds[starts[feature]..<starts[feature + 1]]),
        isCategorical: tensors.isCategorical[feature], missingBin: BoostingTensors.missingBin)
    }
    baseline = tensors.baseline
    roots = tensors.roots.map { Int($0) }
    nodes = tensors.leftChildren.indices.map { index in
      let left = Int(tensors.leftChildren[index])
      guard left >= 0 else { return Node(feature: UInt16(featureCount)) }
      let shift = tensors.missingGoesLeft[index]
      return Node(
        way: UInt32(left - index), feature: UInt16(tensors.features[index]), shift: shift,
        limit: tensors.bins[index] + shift)
    }
    leftBins =
      tensors.leftCategories.isEmpty
      ? []
      : tensors.leftChildren.indices.map {
        // Leaves compare a bin of 0, and their bin is 0.
        tensors.leftBins(of: $0)
      }
    values = tensors.leftChildren.map { $0 < 0 ? tensors.leafValues[-1 - Int($0)] : 0 }
    tables = MadeTables(tensors)
  }

  /// Makes the tables.
  func prepareForBatches() { _ = tables.value }

  /// Calls `body` with each row and its raw predictions, one per tree of a round; on any thread.
  func forEachRow(
    of features: Matrix, threads: Int,
    _ body: @Sendable (_ row: Int, _ raw: UnsafeBufferPointer<Double>) -> Void
  ) {
    let rowCount = features.rowCount
    let size = Self.blockSize
    let outputCount = baseline.count
    let tables = rowCount >= Self.tableRowCount || tables.isMade ? tables.value : nil
    Parallelism.forEach((rowCount + size - 1) / size, threads: threads) { block, _ in
      let rows = block * size..<min(rowCount, (block + 1) * size)
      let raw = Buffer<Double>(uninitializedCount: rows.count * outputCount)
      for place in 0..<rows.count {
        for output in 0..<outputCount { raw.start[place * outputCount + output] = baseline[output] }
      }
      if let tables {
        let bins = binned(features, rows, rowStride: 1, featureStride: rows.count)
        tables.addValues(
          bins.start, rowCount: rows.count, to: raw.start, outputCount: outputCount)
      } else {
        addValues(features, rows, to: raw.start)
      }
      for (place, row) in rows.enumerated() {
        body(row, UnsafeBufferPointer(start: raw.start + place * outputCount, count: outputCount))
      }
    }
  }

  private func addValues(
    _ features: Matrix, _ rows: Range<Int>, to raw: UnsafeMutablePointer<Double>
  ) {
    let width = codes.count + 1
    // The zero that leaves compare comes last.
    let bins = binned(features, rows, rowStride: width, featureStride: 1)
    let outputCount = baseline.count
    nodes.withUnsafeBufferPointer { nodes in
      values.withUnsafeBufferPointer { values in
        leftBins.withUnsafeBufferPointer { leftBins in
          for (number, root) in roots.enumerated() {
            let values = values.baseAddress! + root
            let raw = raw + number % outputCount
            let leftBins = leftBins.isEmpty ? nil : leftBins.baseAddress! + root
            Self.walk(
              nodes.baseAddress! + root, leftBins, bins.start, width: width, count: rows.count
            ) { row, leaf in
              raw[row &* outputCount] += values[leaf]
            }
          }
        }
      }
    }
  }

  /// Calls `body` with each row and the leaf that it reaches. Four rows walk side by side, since each step waits for
  /// memory; the last row is repeated where fewer are left.
  @inline(__always)
  private static func walk(
    _ nodes: UnsafePointer<Node>, _ leftBins: UnsafePointer<BinSet>?,
    _ bins: UnsafePointer<UInt8>, width: Int, count: Int,
    _ body: (_ row: Int, _ leaf: Int) -> Void
  ) {
    if let leftBins {
      walk(nodes, bins, width: width, count: count, body) { place, _, bin in
        leftBins[place].contains(Int(bin)) ? 0 : 1
      }
    } else {
      walk(nodes, bins, width: width, count: count, body) { _, node, bin in
        bin &+ node.shift > node.limit ? 1 : 0
      }
    }
  }

  /// - Parameter step: 0 where a row with a bin goes left, or stays; 1 where it goes right.
  @inline(__always)
  private static func walk(
    _ nodes: UnsafePointer<Node>, _ bins: UnsafePointer<UInt8>, width: Int, count: Int,
    _ body: (_ row: Int, _ leaf: Int) -> Void,
    step: (_ place: Int, _ node: Node, _ bin: UInt8) -> Int
  ) {
    @inline(__always)
    func next(_ place: Int, _ node: Node, _ row: UnsafePointer<UInt8>) -> Int {
      place &+ Int(node.way) &+ step(place, node, row[Int(node.feature)])
    }
    for first in stride(from: 0, to: count, by: 4) {
      let last = count &- 1
      let a = bins + first &* width
      let b = bins + min(first &+ 1, last) &* width
      let c = bins + min(first &+ 2, last) &* width
      let d = bins + min(first &+ 3, last) &* width
      var (i, j, k, l) = (0, 0, 0, 0)
      while true {
        let (first, second, third, fourth) = (nodes[i], nodes[j], nodes[k], nodes[l])
        if first.way | second.way | third.way | fourth.way == 0 { break }
        i = next(i, first, a)
        j = next(j, second, b)
        k = next(k, third, c)
        l = next(l, fourth, d)
      }
      body(first, i)
      if first < last { body(first &+ 1, j) }
      if first &+ 1 < last { body(first &+ 2, k) }
      if first &+ 2 < last { body(first &+ 3, l) }
    }
  }

  /// The bins of rows, a byte each, and as many zeros after those of all features.
  private func binned(
    _ features: Matrix, _ rows: Range<Int>, rowStride: Int, featureStride: Int
  ) -> Buffer<UInt8> {
    let bins = Buffer<UInt8>(repeating: 0, count: rows.count * (codes.count + 1))
    features.elements.withUnsafeBufferPointer { elements in
      guard let first = elements.baseAddress else { return }
      for (feature, codes) in codes.enumerated() {
        codes.write(
          first + (rows.lowerBound * features.columnCount + feature),
          stride: features.columnCount, count: rows.count, to: bins.start + feature * featureStride,
          binStride: rowStride)
      }
    }
    return bins
  }
}

/// The tables of trees, made on demand.
private final class MadeTables: Sendable {
  private let tensors: BoostingTensors
  /// The inner `nil`: a tree has too many leaves.
  private let made = Mutex<LeafTables??>(nil)

  init(_ tensors: BoostingTensors) { self.tensors = tensors }

  /// Whether they are made; does not wait while they are being made.
  var isMade: Bool { made.withLockIfAvailable { $0 != nil } ?? false }

  /// `nil` where a tree has too many leaves.
  var value: LeafTables? {
    made.withLock { made in
      if let made { return made }
      let tables = LeafTables(tensors)
      made = .some(tables)
      return tables
    }
  }
}
