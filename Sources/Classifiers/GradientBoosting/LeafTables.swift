import ModelFiles

/// Boosted trees of few leaves as tables, for predicting many rows: a row's leaf comes from one look-up per feature, and
/// not from one step per level.
///
/// The leaves of a tree are the bits of a mask, from left to right. A node from which a row goes right excludes the
/// leaves on its left. For each feature that a tree compares, a table has, by the bin of a value, the leaves that none of
/// the feature's nodes excludes; the row's leaf is the lowest bit that all tables have in common.
///
/// - SeeAlso: Lucchese and others, "QuickScorer: a fast algorithm to rank documents with additive ensembles of regression
///   trees", 2015, doi:10.1145/2766462.2767733.
struct LeafTables: Sendable {
  typealias Leaves = UInt32

  /// How many bins a table has.
  private static let binCount = 256
  /// So many tables are looked up together.
  private static let groupSize = 4

  /// A feature's bins, and the table of a tree that they are looked up in.
  private struct LookUp: BitwiseCopyable {
    let feature: Int
    let table: Int
  }

  /// One table after the other; the first excludes nothing.
  private var tables = [Leaves](repeating: .max, count: binCount)
  /// Those of each tree, filled up to whole groups; one tree after the other.
  private var lookUps: [LookUp] = []
  /// Where those of each tree end.
  private var ends: [Int] = []
  /// The values of each tree's leaves, from left to right.
  private var values: [Double] = []

  /// - Returns: `nil` if a tree has too many leaves.
  init?(_ tensors: BoostingTensors) {
    for (tree, root) in tensors.roots.enumerated() {
      let end =
        tree + 1 < tensors.roots.count
        ? Int(tensors.roots[tree + 1]) : tensors.leftChildren.count
      guard (end - Int(root) + 1) / 2 <= Leaves.bitWidth else { return nil }
      var tableOfFeature: [Int32: Int] = [:]
      var leafCount = 0
      _ = add(Int(root), tensors, &tableOfFeature, &leafCount)
      values += repeatElement(0, count: Leaves.bitWidth - leafCount)
      lookUps += tableOfFeature.sorted { $0.key < $1.key }.map {
        LookUp(feature: Int($0.key), table: $0.value)
      }
      while lookUps.count % Self.groupSize > 0 { lookUps.append(LookUp(feature: 0, table: 0)) }
      ends.append(lookUps.count)
    }
  }

  /// Adds a node and all below it.
  ///
  /// - Returns: the leaves below it.
  private mutating func add(
    _ node: Int, _ tensors: BoostingTensors, _ tableOfFeature: inout [Int32: Int],
    _ leafCount: inout Int
  ) -> Leaves {
    let left = Int(tensors.leftChildren[node])
    guard left >= 0 else {
      values.append(tensors.leafValues[-1 - left])
      leafCount += 1
      return 1 << Leaves(leafCount - 1)
    }
    let feature = tensors.features[node]
    let table = tableOfFeature[feature] ?? tables.count
    if table == tables.count {
      tableOfFeature[feature] = table
      tables += repeatElement(.max, count: Self.binCount)
    }
    let excluded = add(left, tensors, &tableOfFeature, &leafCount)
    let others = add(left + 1, tensors, &tableOfFeature, &leafCount)
    // The bin of missing values is the last.
    let end = Self.binCount - (tensors.missingGoesLeft[node] == 1 ? 1 : 0)
    if let set = tensors.leftCategories[node] {
      for bin in 0..<end where !set.contains(bin) { tables[table + bin] &= ~excluded }
    } else {
      for bin in min(Int(tensors.bins[node]) + 1, end)..<end { tables[table + bin] &= ~excluded }
    }
    return excluded | others
  }

  /// Adds the values of each row's leaves to its raw predictions.
  ///
  /// - Parameters:
  ///   - bins: of each feature those of all rows, feature after feature.
  ///   - raw: `outputCount` numbers a row.
  func addValues(
    _ bins: UnsafePointer<UInt8>, rowCount: Int, to raw: UnsafeMutablePointer<Double>,
    outputCount: Int
  ) {
    let leaves = Buffer<Leaves>(uninitializedCount: rowCount)
    tables.withUnsafeBufferPointer { tables in
      lookUps.withUnsafeBufferPointer { lookUps in
        values.withUnsafeBufferPointer { values in
          let tables = tables.baseAddress!
          var first = 0
          for (tree, end) in ends.enumerated() {
            leaves.start.update(repeating: .max, count: rowCount)
            for group in stride(from: first, to: end, by: Self.groupSize) {
              let (a, b, c, d) = (
                lookUps[group], lookUps[group + 1], lookUps[group + 2], lookUps[group + 3]
              )
              let (i, j, k, l) = (
                bins + a.feature &* rowCount, bins + b.feature &* rowCount,
                bins + c.feature &* rowCount, bins + d.feature &* rowCount
              )
              let (s, t, u, v) = (
                tables + a.table, tables + b.table, tables + c.table, tables + d.table
              )
              for row in 0..<rowCount {
                leaves.start[row] &=
                  s[Int(i[row])] & t[Int(j[row])] & u[Int(k[row])] & v[Int(l[row])]
              }
            }
            first = end
            let values = values.baseAddress! + tree &* Leaves.bitWidth
            let raw = raw + tree % outputCount
            for row in 0..<rowCount {
              raw[row &* outputCount] += values[leaves.start[row].trailingZeroBitCount]
            }
          }
        }
      }
    }
  }
}
