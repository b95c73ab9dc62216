#if DEBUG
  import LinearAlgebra
  import Testing

  @testable import Classifiers

  /// Debug builds optimise kernels too, which removes `assert`; what kernels rely on must be checked all the same.
  @Suite struct `Broken invariants end a debug build` {
    @Test func `a tree that steps to a node it does not have ends a debug build`() async {
      await #expect(processExitsWith: .failure) {
        let node = PackedTrees<UInt32>.Node(threshold: 0, link: 1 << 3)
        _ = PackedTrees<UInt32>(
          classCount: 1, nodes: [node], roots: [0], slotBits: 3, shareRows: [0], leafShares: [1])
      }
    }

    @Test func `a node whose classes do not sum to its weight ends a debug build`() async {
      await #expect(processExitsWith: .failure) {
        var tree = GrowingTree(classCount: 2)
        _ = tree.appendRoot { weights in
          weights[0] = 1
          weights[1] = 2
          return Child(part: 0, summary: NodeSummary(rowCount: 3, weight: 4, impurity: 0.5))
        }
        tree.assertInvariants()
      }
    }

    @Test func `a counting table that is not empty between nodes ends a debug build`() async {
      await #expect(processExitsWith: .failure) {
        let table = CellTable(cellCount: 8)
        table.weights.start[3] = 1
        table.assertInvariants()
      }
    }

    @Test func `neighbours that are out of order end a debug build`() async {
      await #expect(processExitsWith: .failure) {
        let nearest = Nearest(capacity: 2)
        nearest.insert(1, row: 0)
        nearest.insert(2, row: 1)
        nearest.distances[0] = 3
        nearest.assertInvariants()
      }
    }
  }
#endif
