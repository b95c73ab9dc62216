#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Draws as many samples with replacement as there are, and counts what was drawn cell by cell.
///
/// Samples that a statistic cannot tell apart share a cell, and only the cells' counts are drawn. They
/// are multinomial: each cell first draws from a Poisson distribution, with a few samples less in all
/// than are wanted, and the missing ones are drawn one by one. Given their sum, Poisson counts are
/// multinomial, so that the whole is exactly what drawing every sample would give; a sum that is
/// already too large is drawn again.
///
/// - Complexity: O(*c* + √*n*) per resample of *n* samples in *c* cells.
struct CellResampler {
  let total: Int
  let cellCount: Int
  private let single: AliasTable
  /// Each cell's Poisson distribution: its columns in `tables`, and the count its first column means.
  private let parts: [(start: Int32, size: Int32, offset: Int32)]
  private let tables: [AliasTable.Column]

  /// - Parameter counts: how many samples each cell has; none is empty.
  init(_ counts: [Int]) {
    let total = counts.reduce(0, +)
    self.total = total
    cellCount = counts.count
    single = AliasTable(counts.map(Double.init))
    let (missing, cost) = Self.bestShortfall(cellCount: counts.count, total: Double(total))
    guard cost < Double(total) else {
      // Drawing every sample is cheaper.
      parts = []
      tables = []
      return
    }
    let share = (Double(total) - missing) / Double(total)
    var tables: [AliasTable.Column] = []
    var known: [Int: (start: Int32, size: Int32, offset: Int32)] = [:]
    var parts: [(start: Int32, size: Int32, offset: Int32)] = []
    for count in counts {
      if let part = known[count] {
        parts.append(part)
        continue
      }
      let (weights, offset) = Self.poisson(Double(count) * share)
      let part = (Int32(tables.count), Int32(weights.count), Int32(offset))
      tables += AliasTable(weights).columns
      known[count] = part
      parts.append(part)
    }
    self.parts = parts
    self.tables = tables
  }

  /// How many samples less the cells are to draw, and how many draws a resample then takes: fewer
  /// missing samples are fewer single draws, but more sums that are too large.
  private static func bestShortfall(
    cellCount: Int, total: Double
  ) -> (missing: Double, cost: Double) {
    let deviation = total.squareRoot()
    let choices = (0...12).map { step in
      let shift = Double(step) / 4
      let kept = StandardNormal.cumulative(shift)
      // The mean of a normal number that is known to be above 0.
      let singles = deviation * (shift + StandardNormal.density(shift) / kept)
      return (missing: shift * deviation, cost: Double(cellCount) / kept + singles)
    }
    return choices.min { $0.cost < $1.cost } ?? (0, .infinity)
  }

  /// The probabilities of the counts from `offset` on, as far as they matter.
  private static func poisson(_ mean: Double) -> (weights: [Double], offset: Int) {
    let reach = 9 * mean.squareRoot() + 9
    let first = Int(max(0, mean - reach))
    let last = Int(mean + reach) + 9
    return (
      (first...last).map { exp(Double($0) * log(mean) - mean - lgamma(Double($0) + 1)) }, first
    )
  }

  /// Draws once and writes a count for each cell.
  func draw(_ generator: inout SplitMix64, into counts: UnsafeMutablePointer<Int32>) {
    var missing: Int
    repeat { missing = total - drawMost(&generator, into: counts) } while missing < 0
    single.columns.withUnsafeBufferPointer { columns in
      guard let columns = columns.baseAddress else { return }
      let count = UInt64(cellCount)
      for _ in 0..<missing / 2 {
        let word = generator.next()
        counts[AliasTable.draw(word >> 32, columns, count)] += 1
        counts[AliasTable.draw(word & 0xffff_ffff, columns, count)] += 1
      }
      if missing % 2 == 1 { counts[AliasTable.draw(generator.next() >> 32, columns, count)] += 1 }
    }
  }

  /// Draws the cells' Poisson counts; returns their sum.
  private func drawMost(
    _ generator: inout SplitMix64, into counts: UnsafeMutablePointer<Int32>
  ) -> Int {
    guard !parts.isEmpty else {
      for cell in 0..<cellCount { counts[cell] = 0 }
      return 0
    }
    return tables.withUnsafeBufferPointer { tables in
      parts.withUnsafeBufferPointer { parts in
        guard let tables = tables.baseAddress else { return 0 }
        var sum = 0
        func draw(_ cell: Int, _ word: UInt64) {
          let part = parts[cell]
          let column = AliasTable.draw(
            word, tables + Int(part.start), UInt64(truncatingIfNeeded: part.size))
          let count = part.offset &+ Int32(truncatingIfNeeded: column)
          counts[cell] = count
          sum &+= Int(count)
        }
        for pair in 0..<parts.count / 2 {
          let word = generator.next()
          draw(2 * pair, word >> 32)
          draw(2 * pair + 1, word & 0xffff_ffff)
        }
        if parts.count % 2 == 1 { draw(parts.count - 1, generator.next() >> 32) }
        return sum
      }
    }
  }
}

// What follows is in this file for debug builds, which optimise file by file, to inline it.

/// Draws numbers with given probabilities in constant time.
///
/// Each of *n* columns is one *n*th of all chance; a column keeps the part up to its threshold and
/// gives the rest to another number. Of a random word of 32 bits times *n*, the high half is the column,
/// and the low half is compared with the threshold.
///
/// - SeeAlso: Walker, "An efficient method for generating discrete random variables with general
///   distributions", 1977, doi:10.1145/355744.355749; Vose, "A linear algorithm for generating random
///   numbers with a given distribution", 1991, doi:10.1109/32.92917.
private struct AliasTable {
  struct Column {
    /// Of 2³²; chance below it stays with the column.
    var threshold: UInt32
    var alias: Int32
  }

  let columns: [Column]

  /// - Parameter weights: at least 0, not all 0; fewer than 2³¹ of them.
  init(_ weights: [Double]) {
    let scale = Double(weights.count) / weights.reduce(0, +)
    var rest = weights.map { $0 * scale }
    var small = rest.indices.filter { rest[$0] < 1 }
    var large = rest.indices.filter { rest[$0] >= 1 }
    var columns = (0..<weights.count).map { Column(threshold: .max, alias: Int32($0)) }
    while let poor = small.popLast(), let rich = large.popLast() {
      columns[poor] = Column(threshold: UInt32(rest[poor] * 4_294_967_295), alias: Int32(rich))
      rest[rich] -= 1 - rest[poor]
      if rest[rich] < 1 { small.append(rich) } else { large.append(rich) }
    }
    self.columns = columns
  }

  /// The number that a random word of 32 bits stands for.
  @inline(__always)
  static func draw(_ word: UInt64, _ columns: UnsafePointer<Column>, _ count: UInt64) -> Int {
    let product = word &* count
    let index = Int(truncatingIfNeeded: product >> 32)
    let column = columns[index]
    return UInt32(truncatingIfNeeded: product) < column.threshold ? index : Int(column.alias)
  }
}

/// A generator of 64 random bits at a time, from a seed.
///
/// - SeeAlso: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014,
///   doi:10.1145/2660193.2660195.
struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
    return word ^ word >> 31
  }
}
