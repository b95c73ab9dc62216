import LinearAlgebra
import Support

/// The rows of a tree's nodes: each node's are next to each other, and ascend.
///
/// There are two buffers. Dividing a node moves its rows from one to the same places of the other.
struct RowPartition: ~Copyable {
  /// Where a node's rows are.
  struct Place {
    var range: Range<Int>
    var isInSecond: Bool

    var count: Int { range.count }
  }

  private static let chunkSize = 4096
  /// The numbers of so many rows are in the second cache.
  private static let tileSize = 1 << 15
  /// The derivatives of so many rows are in the second cache.
  private static let leastGathered = 1 << 17

  private let source: BinnedRows
  private let first: Buffer<UInt32>
  private let second: Buffer<UInt32>
  private let gathered: Buffer<Derivatives>

  init(_ source: BinnedRows) {
    self.source = source
    // Rows behind the last one are fetched, too.
    let size = source.rowCount + HistogramLayout.prefetchDistance
    first = Buffer(repeating: 0, count: size)
    second = Buffer(repeating: 0, count: size)
    gathered = Buffer(uninitializedCount: source.rowCount / 4)
  }

  private func start(_ place: Place) -> UnsafeMutablePointer<UInt32> {
    (place.isInSecond ? second.start : first.start) + place.range.lowerBound
  }

  /// Gives all rows to one node.
  func reset(_ team: Team) -> Place {
    let all = Place(range: 0..<source.rowCount, isInSecond: false)
    nonisolated(unsafe) let rows = first.start
    Self.forEachChunk(all.count, team) { chunk in
      for row in chunk { rows[row] = UInt32(truncatingIfNeeded: row) }
    }
    return all
  }

  private static func forEachChunk(
    _ count: Int, _ team: Team, _ body: @Sendable (Range<Int>) -> Void
  ) {
    team.forEach((count + chunkSize - 1) / chunkSize) { index, _ in
      body(index * chunkSize..<min(count, (index + 1) * chunkSize))
    }
  }

  func rows(_ place: Place) -> UnsafeBufferPointer<UInt32> {
    UnsafeBufferPointer(start: start(place), count: place.count)
  }

  /// The derivatives of a node's rows next to each other, in their order, until it is called again.
  ///
  /// - Parameter derivatives: those of all rows.
  /// - Returns: `nil` where it would not be worth it: those of all rows fit a cache, or few are between the node's.
  func gather(
    _ derivatives: UnsafePointer<Derivatives>, _ place: Place, _ team: Team
  ) -> UnsafePointer<Derivatives>? {
    guard source.rowCount > Self.leastGathered, place.count <= gathered.count else { return nil }
    nonisolated(unsafe) let (rows, derivatives) = (start(place), derivatives)
    nonisolated(unsafe) let gathered = gathered.start
    Self.forEachChunk(place.count, team) { chunk in
      for index in chunk { gathered[index] = derivatives[Int(rows[index])] }
    }
    return UnsafePointer(gathered)
  }

  /// Adds a value to the numbers of all rows of each node.
  ///
  /// Rows next to each other are of many nodes, so that their numbers are fetched once for all of these.
  func add(
    _ leaves: [(place: Place, value: Double)], to numbers: UnsafeMutablePointer<Double>,
    _ team: Team
  ) {
    nonisolated(unsafe) let numbers = numbers
    nonisolated(unsafe) let leaves = leaves.map { (rows: rows($0.place), value: $0.value) }
    team.forEach((source.rowCount + Self.tileSize - 1) / Self.tileSize) { tile, _ in
      let end = UInt32((tile + 1) * Self.tileSize)
      for (rows, value) in leaves {
        var index = rows.firstIndex(from: UInt32(tile * Self.tileSize))
        while index < rows.count, rows[index] < end {
          numbers[Int(rows[index])] += value
          index &+= 1
        }
      }
    }
  }

  /// Divides the rows of a node; both sides keep their order.
  func divide(_ place: Place, _ split: BinSplit, _ team: Team) -> (left: Place, right: Place) {
    let missingBin = source.bins[split.feature].missingBin
    return split.categories == nil
      ? divide(place, split, team, ThresholdRule(split, missingBin: missingBin))
      : divide(place, split, team, SetRule(split: split, missingBin: missingBin))
  }

  private func divide(
    _ place: Place, _ split: BinSplit, _ team: Team, _ rule: some BinRule
  ) -> (left: Place, right: Place) {
    nonisolated(unsafe) let bins = source.column(split.feature)
    nonisolated(unsafe) let rows = start(place)
    var (left, right) = (place, place)
    left.isInSecond.toggle()
    right.isInSecond.toggle()
    left.range = left.range.prefix(split.left.count)
    right.range = right.range.suffix(split.right.count)
    nonisolated(unsafe) let (lefts, rights) = (start(left), start(right))
    // How many rows went left and right in the chunks whose turn has been.
    nonisolated(unsafe) var done = (left: 0, right: 0)
    let turn = Atomic(0)
    Self.forEachChunk(place.count, team) { chunk in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * Self.chunkSize) { room in
        guard let chunkLefts = room.baseAddress else { return }
        let chunkRights = chunkLefts + Self.chunkSize
        var (left, right) = (0, 0)
        for place in chunk {
          let row = rows[place]
          let step = rule.rightSteps(bins[Int(row)])
          // Both are written, without a branch whose outcome the processor could not foresee.
          chunkLefts[left] = row
          chunkRights[right] = row
          left &+= 1 &- step
          right &+= step
        }
        Team.wait { turn.load(ordering: .acquiring) != chunk.lowerBound }
        let before = done
        done = (before.left + left, before.right + right)
        turn.store(chunk.upperBound, ordering: .releasing)
        (lefts + before.left).update(from: chunkLefts, count: left)
        (rights + before.right).update(from: chunkRights, count: right)
      }
    }
    precondition(done.left == split.left.count, "as many rows as were counted")
    return (left, right)
  }
}

/// Which bins go right.
private protocol BinRule: Sendable {
  /// 0 if a bin goes left, 1 if it goes right.
  func rightSteps(_ bin: UInt8) -> Int
}

private struct SetRule: BinRule {
  let split: BinSplit
  let missingBin: Int

  func rightSteps(_ bin: UInt8) -> Int { split.sendsLeft(Int(bin), missingBin: missingBin) ? 0 : 1 }
}

/// A comparison of numbers that start again at 0 where missing values do, if these go left.
private struct ThresholdRule: BinRule {
  private let shift: UInt8
  private let threshold: Int

  init(_ split: BinSplit, missingBin: Int) {
    shift = split.missingGoesLeft ? 0 &- UInt8(missingBin) : 0
    threshold = Int(UInt8(split.bin) &+ shift)
  }

  /// The sign of a difference: the compiler would make a branch of a comparison.
  func rightSteps(_ bin: UInt8) -> Int { (threshold &- Int(bin &+ shift)) &>> 63 & 1 }
}

extension UnsafeBufferPointer<UInt32> {
  /// The index of the first of ascending numbers that is at least so large; their count if none is.
  fileprivate func firstIndex(from least: UInt32) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < least { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
