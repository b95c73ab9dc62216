import LinearAlgebra

/// The rows of a tree's nodes: each node's are next to each other, and ascend.
struct RowPartition: ~Copyable {
  /// The least number of rows that are divided by several threads.
  private static let parallelCount = 8192
  private static let chunkSize = 4096

  private let source: BinnedRows
  private let positions: Buffer<UInt32>
  /// Room for rows on their way.
  private let lefts: Buffer<UInt32>
  private let rights: Buffer<UInt32>
  /// 1 for each bin that goes left, 0 for the others.
  private let leftSteps = Buffer<UInt8>(repeating: 0, count: 256)

  init(_ source: BinnedRows) {
    self.source = source
    positions = Buffer(uninitializedCount: source.rowCount)
    lefts = Buffer(uninitializedCount: source.rowCount)
    rights = Buffer(uninitializedCount: source.rowCount)
  }

  /// Gives all rows to one node.
  func reset() {
    for row in 0..<source.rowCount { positions.start[row] = UInt32(truncatingIfNeeded: row) }
  }

  func rows(_ range: Range<Int>) -> UnsafeBufferPointer<UInt32> {
    UnsafeBufferPointer(start: positions.start + range.lowerBound, count: range.count)
  }

  func add(_ value: Double, to numbers: UnsafeMutablePointer<Double>, _ range: Range<Int>) {
    for row in rows(range) { numbers[Int(row)] += value }
  }

  /// Puts the rows of a node that go left before the others; both keep their order.
  ///
  /// - Returns: where the others start.
  func divide(_ range: Range<Int>, _ split: BinSplit, _ team: Team) -> Int {
    let missingBin = source.bins[split.feature].missingBin
    for bin in 0...missingBin {
      leftSteps.start[bin] = split.sendsLeft(bin, missingBin: missingBin) ? 1 : 0
    }
    let chunkCount =
      range.count < Self.parallelCount ? 1 : (range.count + Self.chunkSize - 1) / Self.chunkSize
    let size = chunkCount == 1 ? range.count : Self.chunkSize
    nonisolated(unsafe) let bytes = source.bytes(ofFeature: split.feature)
    nonisolated(unsafe) let leftSteps = leftSteps.start
    nonisolated(unsafe) let rows = positions.start + range.lowerBound
    // One thread may write the left ones where it has read.
    nonisolated(unsafe) let lefts = chunkCount == 1 ? rows : lefts.start + range.lowerBound
    nonisolated(unsafe) let rights = rights.start + range.lowerBound
    func chunk(_ index: Int) -> Range<Int> { index * size..<min(range.count, (index + 1) * size) }
    var leftCounts = [Int](repeating: 0, count: chunkCount)
    leftCounts.withUnsafeMutableBufferPointer { leftCounts in
      nonisolated(unsafe) let leftCounts = leftCounts
      team.forEach(chunkCount) { index in
        let chunk = index * size..<min(range.count, (index + 1) * size)
        var left = chunk.lowerBound
        var right = chunk.lowerBound
        for place in chunk {
          let row = rows[place]
          let step = Int(leftSteps[Int(bytes[Int(row) &* BinnedRows.blockWidth])])
          lefts[left] = row
          rights[right] = row
          left &+= step
          right &+= 1 &- step
        }
        leftCounts[index] = left - chunk.lowerBound
      }
    }
    var place = 0
    for (index, count) in leftCounts.enumerated() {
      if chunkCount > 1 {
        (rows + place).update(from: lefts + chunk(index).lowerBound, count: count)
      }
      place += count
    }
    let border = place
    for (index, count) in leftCounts.enumerated() {
      let chunk = chunk(index)
      (rows + place).update(from: rights + chunk.lowerBound, count: chunk.count - count)
      place += chunk.count - count
    }
    return range.lowerBound + border
  }
}
