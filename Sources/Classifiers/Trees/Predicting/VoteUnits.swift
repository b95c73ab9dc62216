/// The shares of leaves as whole numbers of votes, rounded down. All trees together have fewer than 2¹⁶ − 1.
struct VoteUnits {
  private let classCount: Int
  private let treeCount: Int
  /// How many votes a tree has.
  private let perTree: Int
  /// `classCount` numbers for each row of shares.
  private let units: [UInt16]
  /// For each class how many are enough, whoever has the others, and however sums of shares round.
  let needed: [UInt16]

  init(_ trees: CodedTrees, threshold: Double?) {
    let (classCount, treeCount) = (trees.classCount, trees.roots.count)
    let perTree = (Int(UInt16.max) - 1) / treeCount
    units = trees.leafShares.map { UInt16(max(0, min(1, $0)) * Double(perTree)) }
    needed = (0..<classCount).map { label in
      let share = threshold.map { label == 1 ? $0 : 1 - $0 } ?? 0.5
      return UInt16(max(0, min(Double(UInt16.max), share * Double(treeCount * perTree) + 2)))
    }
    (self.classCount, self.treeCount, self.perTree) = (classCount, treeCount, perTree)
  }

  @inline(__always)
  func units(_ shareRow: Int, _ label: Int) -> UInt16 {
    units.withUnsafeBufferPointer { $0[shareRow &* classCount &+ label] }
  }

  /// The label that wins where all trees together give a label that many votes; −1 where that does not tell.
  func other(_ label: Int, votes: UInt16) -> Int {
    guard classCount == 2 else { return -1 }
    let rest = treeCount * perTree - Int(votes) - treeCount
    return rest >= Int(needed[1 - label]) ? 1 - label : -1
  }
}
