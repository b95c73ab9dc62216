extension SafetensorsFile {
  /// Checks that every tree is whole: the children of its inner nodes follow each other without a gap,
  /// breadth first, which excludes cycles, and nodes with no parent or with two.
  ///
  /// - Parameters:
  ///   - left: in inner nodes the left child, in leaves −1 − *r*, where *r* is a row of the leaves' tensor.
  ///   - leafRows: how many rows that tensor has.
  func checkTrees(
    _ left: [Int32], roots: [Int32], leafRows: Int
  ) throws(ModelFileError) {
    guard left.count < Int(Int32.max), roots.first == 0 else {
      throw fail("tree_roots: expected the first tree to start at node 0")
    }
    for (tree, root) in roots.enumerated() {
      let end = tree + 1 < roots.count ? Int(roots[tree + 1]) : left.count
      guard Int(root) < end, end <= left.count else {
        throw fail(
          "tree_roots: tree \(tree) starts at node \(root) and ends at node \(end) of \(left.count)"
        )
      }
      var next = Int(root) + 1
      for node in Int(root)..<end {
        guard node < next else {
          throw fail("left_child: node \(node) of tree \(tree) has no parent")
        }
        if left[node] >= 0 {
          guard Int(left[node]) == next, next + 1 < end else {
            throw fail(
              "left_child: node \(node) of tree \(tree) names child \(left[node]), expected \(next), "
                + "with both children below \(end)")
          }
          next += 2
        } else if -1 - Int(left[node]) >= leafRows {
          throw fail(
            "left_child: leaf \(node) names row \(-1 - Int(left[node])) of \(leafRows) rows"
          )
        }
      }
      guard next == end else {
        throw fail(
          "left_child: tree \(tree) ends at node \(next), the next one starts at \(end)")
      }
    }
  }
}
