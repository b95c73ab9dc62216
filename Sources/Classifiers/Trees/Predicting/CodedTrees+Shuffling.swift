import LinearAlgebra

extension CodedTrees {
  /// The labels of shuffled rows: those that their mean shares give.
  ///
  /// Only trees that a shuffled value may lead to another leaf are walked again, and only until the label is settled.
  /// What whole votes cannot settle is left to mean shares.
  func labels(of shuffled: ShuffledRows, threshold: Double?, threads: Int) -> [Int32] {
    var labels = shuffled.ownLabels
    let rows = CodedRows(shuffled.ownRows, for: self, threads: threads)
    let rowCount = rows.order.count
    let size = ShuffledBlock.rowCount(shuffled, self)
    let votes = VoteUnits(self, threshold: threshold)
    let features = roots.indices.map { self.features(ofTree: $0) }
    labels.withUnsafeMutableBufferPointer { labels in
      nonisolated(unsafe) let labels = labels
      Parallelism.forEach((rowCount + size - 1) / size, threads: threads) { number, _ in
        rows.order.withUnsafeBufferPointer { order in
          let block = ShuffledBlock(
            UnsafeBufferPointer(
              rebasing: order[number * size..<min(rowCount, (number + 1) * size)]),
            of: rows, shuffled, self, votes)
          for tree in roots.indices { block.walkOwn(tree, features[tree]) }
          block.subtractDoubtful()
          for tree in roots.indices { block.walkShuffled(tree, features[tree]) }
          block.forEachChange { labels[$0] = Int32($1) }
        }
      }
    }
    return shuffled.labels(settled: labels, threads: threads) {
      meanShares(for: $0, threads: 1).predictedLabels(threshold: threshold)
    }
  }

  /// The features that a tree looks at, ascending.
  private func features(ofTree tree: Int) -> [Int] {
    let end = tree + 1 < roots.count ? roots[tree + 1] : nodes.count
    var isMet = [Bool](repeating: false, count: featureCount / sidesPerFeature)
    for node in nodes[roots[tree]..<end] where node.way > 0 {
      isMet[Int(node.codeOffset) / 2 / sidesPerFeature] = true
    }
    return isMet.indices.filter { isMet[$0] }
  }
}
