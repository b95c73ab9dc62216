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
  init(_ tensors: TreeTensors) {
    self.init()
    let nodeCount = tensors.leftChildren.count
    // The number that each inner node gets here, where leaves are not numbered with them.
    var numbers = [Int](repeating: -1, count: nodeCount)
    for (tree, root) in tensors.roots.enumerated() {
      let end = tree + 1 < tensors.roots.count ? Int(tensors.roots[tree + 1]) : nodeCount
      beginTree()
      var next = self.nodeCount
      for node in Int(root)..<end where tensors.leftChildren[node] >= 0 {
        numbers[node] = next
        next += 1
      }
      var leaves: [Int: Child] = [:]
      func child(_ node: Int) -> Child {
        guard numbers[node] < 0 else { return .node(numbers[node]) }
        let row = Int(-1 - tensors.leftChildren[node])
        if let leaf = leaves[row] { return leaf }
        let leaf = addLeaf(Double(row))
        leaves[row] = leaf
        return leaf
      }
      if numbers[Int(root)] < 0 {
        // A tree that is a leaf: both ways lead to it.
        let leaf = child(Int(root))
        addNode(feature: 0, threshold: 0, missingGoesLeft: true, left: leaf, right: leaf)
      }
      for node in Int(root)..<end where numbers[node] >= 0 {
        let left = Int(tensors.leftChildren[node])
        addNode(
          feature: Int(tensors.features[node]), threshold: Double(tensors.thresholds[node]),
          // Trees that were grown without missing values let them go left.
          missingGoesLeft: tensors.missingGoesLeft.map { $0[node] == 1 } ?? true,
          left: child(left), right: child(left + 1))
      }
    }
  }
}
