import LinearAlgebra
import ModelFiles

/// A grown regression tree of one round, breadth first.
struct BoostedTree: Sendable {
  struct Node: Sendable {
    /// The left child, with the right one next to it; `nil` in leaves.
    var leftChild: Int?
    var feature = 0
    var bin = 0
    var missingGoesLeft = false
    /// The categories that go left; `nil` where numbers are compared.
    var leftCategories: BinSet?
    var gain = 0.0
    var count: Int
    /// Of leaves: what is added to the raw prediction.
    var value: Double
  }

  private static let chunkSize = 1024

  let nodes: [Node]

  /// Adds the value of each row's leaf to its raw prediction.
  func addValues(to raw: UnsafeMutablePointer<Double>, _ rows: BinnedRows, _ team: Team) {
    nonisolated(unsafe) let raw = raw
    let missingBins = rows.bins.map(\.missingBin)
    let size = Self.chunkSize
    team.forEach((rows.rowCount + size - 1) / size) { chunk, _ in
      nodes.withUnsafeBufferPointer { nodes in
        for row in chunk * size..<min(rows.rowCount, (chunk + 1) * size) {
          var place = 0
          while let left = nodes[place].leftChild {
            let feature = nodes[place].feature
            let bin = Int(rows.column(feature)[row])
            let goesLeft =
              bin == missingBins[feature]
              ? nodes[place].missingGoesLeft
              : nodes[place].leftCategories?.contains(bin) ?? (bin <= nodes[place].bin)
            place = goesLeft ? left : left &+ 1
          }
          raw[row] += nodes[place].value
        }
      }
    }
  }
}
