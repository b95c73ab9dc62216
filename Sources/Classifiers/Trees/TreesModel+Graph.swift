import LinearAlgebra
import ONNX

extension TreesModel {
  public func probabilities(
    of features: ONNXValue, in graph: inout ONNXGraph
  ) throws(ONNXError) -> ONNXValue {
    let tensors = predictor.tensors
    // Rounded to single precision as here, and compared in double precision, which adds no rounding.
    let rounded = graph.cast(features, to: .float)
    let largest = graph.constant(ONNXTensor(Float.greatestFiniteMagnitude))
    let isBeyond = graph.node("Greater", rounded, largest)
    let values = graph.cast(graph.node("Where", isBeyond, largest, rounded), to: .double)
    // A leaf's value is the number of its row of shares, and the shares are added tree after tree as here.
    let rows = graph.cast(graph.leaves(of: ONNXTrees(tensors), values), to: .integer)
    let shares = graph.constant(
      ONNXTensor(
        tensors.leafShares, shape: [tensors.leafShares.count / classCount, classCount]))
    let zeros = graph.zeros(rowsOf: features, columns: classCount)
    let sums = graph.sum(from: zeros, over: [(rows, axis: 1)]) { graph, parts in
      graph.node("Gather", shares, parts[0])
    }
    return graph.node("Div", sums, graph.constant(Double(tensors.roots.count)))
  }
}

extension ONNXTrees {
  /// The trees of a file, whose leaves have the number of their row of shares as a value.
  fileprivate init(_ tensors: TreeTensors) {
    self.init(
      roots: tensors.roots, leftChildren: tensors.leftChildren, leafValue: { Double($0) },
      split: { node in
        (
          feature: Int(tensors.features[node]),
          test: .atMost(
            Double(tensors.thresholds[node]),
            // Trees that were grown without missing values let them go left.
            missingGoesLeft: tensors.missingGoesLeft.map { $0[node] == 1 } ?? true)
        )
      })
  }

  /// Trees whose nodes are numbered through all of them, each tree's behind its root.
  ///
  /// - Parameters:
  ///   - roots: the first node of each tree, ascending.
  ///   - leftChildren: in inner nodes the left child, with the right one next to it; in leaves −1 − the leaf's row.
  ///   - leafValue: the value of a row of leaves.
  ///   - split: what an inner node compares.
  init(
    roots: [Int32], leftChildren: [Int32], leafValue: (_ row: Int) -> Double,
    split: (_ node: Int) -> (feature: Int, test: Test)
  ) {
    self.init()
    // The number that each inner node gets here, where leaves are not numbered with them.
    var numbers = [Int](repeating: -1, count: leftChildren.count)
    for (tree, root) in roots.enumerated() {
      let nodes =
        Int(root)..<(tree + 1 < roots.count ? Int(roots[tree + 1]) : leftChildren.count)
      beginTree()
      for (place, node) in nodes.filter({ leftChildren[$0] >= 0 }).enumerated() {
        numbers[node] = nodeCount + place
      }
      var leaves: [Int: Child] = [:]
      func child(_ node: Int) -> Child {
        guard numbers[node] < 0 else { return .node(numbers[node]) }
        let row = Int(-1 - leftChildren[node])
        if let leaf = leaves[row] { return leaf }
        let leaf = addLeaf(leafValue(row))
        leaves[row] = leaf
        return leaf
      }
      if numbers[Int(root)] < 0 {
        // A tree that is a leaf: both ways lead to it.
        let leaf = child(Int(root))
        addNode(feature: 0, .atMost(0, missingGoesLeft: true), left: leaf, right: leaf)
      }
      for node in nodes where numbers[node] >= 0 {
        let (feature, test) = split(node)
        let left = Int(leftChildren[node])
        addNode(feature: feature, test, left: child(left), right: child(left + 1))
      }
    }
  }
}
