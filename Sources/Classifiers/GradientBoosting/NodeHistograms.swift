import CMemory

/// The sums of a node's samples by bin: one entry per bin, feature after feature.
final class NodeHistograms: @unchecked Sendable {  // Parallel parts write to different entries.
  /// The sums of both derivatives of the samples in each bin.
  let sums: Buffer<SIMD2<Double>>
  /// The number of samples in each bin.
  let counts: Buffer<UInt32>

  init(entryCount: Int) {
    sums = Buffer(uninitializedCount: entryCount)
    counts = Buffer(uninitializedCount: entryCount)
  }

  /// Takes those of a child from the entries of its parent, which become the other child's.
  func subtract(_ child: NodeHistograms, _ entries: Range<Int>) {
    for entry in entries {
      sums.start[entry] -= child.sums.start[entry]
      counts.start[entry] &-= child.counts.start[entry]
    }
  }
}

/// Where each feature's bins are among the entries of histograms, and how they are filled.
final class HistogramLayout: @unchecked Sendable {  // Nothing changes after `init`.
  /// So many rows ahead their bins are fetched.
  static let prefetchDistance = 24

  let rows: BinnedRows
  /// Each feature's first entry, and the end of the last one's. Every feature has an entry for missing values.
  private let starts: [Int]
  /// The counts of all rows, which are the same for every tree.
  private let allCounts: Buffer<UInt32>

  init(_ rows: BinnedRows) {
    self.rows = rows
    starts = rows.bins.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count + 1) }
    allCounts = Buffer(repeating: 0, count: starts[starts.count - 1])
    for feature in 0..<rows.featureCount {
      let bins = rows.column(feature)
      let counts = allCounts.start + starts[feature]
      for row in 0..<rows.rowCount { counts[Int(bins[row])] &+= 1 }
    }
  }

  /// How many entries a node has.
  var entryCount: Int { starts[starts.count - 1] }

  func entries(ofFeature feature: Int) -> Range<Int> { starts[feature]..<starts[feature + 1] }

  func entries(ofBlock block: Int) -> Range<Int> {
    let features = rows.features(ofBlock: block)
    return starts[features.lowerBound]..<starts[features.upperBound]
  }

  /// Sums the derivatives of rows by the bins of a block's features, in the order of the rows.
  ///
  /// - Parameters:
  ///   - chosen: the rows, ascending, with as many more numbers in memory as ``prefetchDistance``; `nil` for all rows.
  ///   - derivatives: those of each row of the table, or of each of the chosen ones.
  func fill(
    _ histograms: NodeHistograms, block: Int, _ chosen: UnsafeBufferPointer<UInt32>?,
    _ derivatives: UnsafePointer<Derivatives>, areGathered: Bool
  ) {
    let entries = entries(ofBlock: block)
    (histograms.sums.start + entries.lowerBound).update(repeating: .zero, count: entries.count)
    let counts = histograms.counts.start + entries.lowerBound
    if chosen == nil {
      counts.update(from: allCounts.start + entries.lowerBound, count: entries.count)
    } else {
      counts.update(repeating: 0, count: entries.count)
    }
    switch rows.features(ofBlock: block).count {
    case 1: add(lanes: 1, histograms, block, chosen, derivatives, areGathered)
    case 2: add(lanes: 2, histograms, block, chosen, derivatives, areGathered)
    case 3: add(lanes: 3, histograms, block, chosen, derivatives, areGathered)
    default: add(lanes: 4, histograms, block, chosen, derivatives, areGathered)
    }
  }

  /// With `lanes` a constant: how many features the block has.
  @inline(__always)
  private func add(
    lanes: Int, _ histograms: NodeHistograms, _ block: Int,
    _ chosen: UnsafeBufferPointer<UInt32>?, _ derivatives: UnsafePointer<Derivatives>,
    _ areGathered: Bool
  ) {
    let first = rows.features(ofBlock: block).lowerBound
    let column = rows.column(first)
    let words = rows.words(ofBlock: block)
    let (a, b, c, d) = (
      starts[first], starts[first + min(1, lanes - 1)], starts[first + min(2, lanes - 1)],
      starts[first + min(3, lanes - 1)]
    )
    let sums = histograms.sums.start
    let counts = histograms.counts.start
    @inline(__always)
    func add(_ row: Int, _ place: Int, counting: Bool) {
      let word = lanes == 1 ? UInt32(column[row]) : words[row]
      let pair = SIMD2<Double>(derivatives[place])
      @inline(__always)
      func add(_ start: Int, _ lane: UInt32) {
        let entry = start &+ Int(truncatingIfNeeded: (word &>> (8 &* lane)) & 0xff)
        sums[entry] += pair
        if counting { counts[entry] &+= 1 }
      }
      add(a, 0)
      if lanes > 1 { add(b, 1) }
      if lanes > 2 { add(c, 2) }
      if lanes > 3 { add(d, 3) }
    }
    if let chosen {
      guard let chosenRows = chosen.baseAddress else { return }
      for place in 0..<chosen.count {
        let ahead = Int(chosenRows[place &+ Self.prefetchDistance])
        prefetch(lanes == 1 ? UnsafeRawPointer(column + ahead) : UnsafeRawPointer(words + ahead))
        let row = Int(chosenRows[place])
        add(row, areGathered ? place : row, counting: true)
      }
    } else {
      for row in 0..<rows.rowCount { add(row, row, counting: false) }
    }
  }
}
