/// The boxes of a ``SampleTree``'s nodes, four at a time: those of a node's grandchildren.
///
/// A query goes down from the first four to those whose boxes are not too far away.
struct BoxQuads: ~Copyable {
  /// Of each four and each feature, four lower bounds and four upper ones; infinite where there are fewer boxes.
  let bounds: Buffer<SIMD4<Float>>
  /// What the four boxes are of: a leaf if it is not negative, otherwise (inverted) other four boxes.
  let children: Buffer<SIMD4<Int32>>

  init(_ tree: SampleTree, _ blocks: borrowing SampleBlocks) {
    let width = blocks.featureCount
    let boxes = Self.boxes(tree, blocks)
    var children: [SIMD4<Int32>] = []
    var bounds: [SIMD4<Float>] = []
    // Nodes that have halves, and the first leaf of each.
    var open = tree.nodes.count > 1 ? [(node: 0, leaf: 0)] : []
    var next = 0
    while next < open.count {
      var members: [(node: Int, leaf: Int)] = []
      for half in tree.halves(open[next]) { members += tree.halves(half) }
      var four = SIMD4<Int32>(repeating: 0)
      var used = 0
      for member in members {
        if tree.nodes[member.node].right == 0 {
          four[used] = Int32(member.leaf)
        } else {
          four[used] = ~Int32(open.count)
          open.append(member)
        }
        used += 1
      }
      for feature in 0..<width {
        var (lower, upper) = (
          SIMD4<Float>(repeating: .infinity), SIMD4<Float>(repeating: .infinity)
        )
        for (lane, member) in members.enumerated() {
          lower[lane] = boxes[(member.node * width + feature) * 2]
          upper[lane] = boxes[(member.node * width + feature) * 2 + 1]
        }
        bounds += [lower, upper]
      }
      children.append(four)
      next += 1
    }
    self.children = Buffer(children)
    self.bounds = Buffer(bounds)
  }

  /// Of each node and feature the lower and the upper bound.
  private static func boxes(_ tree: SampleTree, _ blocks: borrowing SampleBlocks) -> [Float] {
    let width = blocks.featureCount
    var boxes = [Float](repeating: 0, count: tree.nodes.count * width * 2)
    var leaf = tree.leafCount
    for node in tree.nodes.indices.reversed() {
      let right = Int(tree.nodes[node].right)
      if right == 0 { leaf -= 1 }
      for feature in 0..<width {
        let at = (node * width + feature) * 2
        if right == 0 {
          (boxes[at], boxes[at + 1]) = blocks.bounds(ofLeaf: leaf, feature)
        } else {
          let (first, second) = (at + 2 * width, at + right * 2 * width)
          boxes[at] = min(boxes[first], boxes[second])
          boxes[at + 1] = max(boxes[first + 1], boxes[second + 1])
        }
      }
    }
    return boxes
  }
}

extension SampleTree {
  /// The halves of a node with the first leaf of each; of a leaf itself.
  fileprivate func halves(_ part: (node: Int, leaf: Int)) -> [(node: Int, leaf: Int)] {
    let right = Int(nodes[part.node].right)
    guard right > 0 else { return [part] }
    return [
      (part.node + 1, part.leaf),
      (part.node + right, part.leaf + Int(nodes[part.node + 1].leafCount)),
    ]
  }
}

extension SampleBlocks {
  /// The least and the largest number of a leaf's samples.
  fileprivate func bounds(ofLeaf leaf: Int, _ feature: Int) -> (Float, Float) {
    let columns = Int(starts.start[leaf])..<Int(starts.start[leaf + 1])
    let start = columns.lowerBound * height + feature * columns.count
    var lanes = (low: Lanes(repeating: .infinity), high: Lanes(repeating: -.infinity))
    for column in stride(from: 0, to: columns.count, by: Self.laneCount) {
      let numbers = Lanes(at: values.start + start + column)
      lanes = (lanes.low.smaller(numbers), lanes.high.larger(numbers))
    }
    let (low, high) = (lanes.low.min(), lanes.high.max())
    // Exact: a power of two.
    return distance == .euclidean ? (high * -0.5, low * -0.5) : (low, high)
  }
}
