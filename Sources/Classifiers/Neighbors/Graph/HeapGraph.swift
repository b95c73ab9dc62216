import ONNX

/// The part of a graph that puts samples into a ``NeighborHeap``, in a given order: a loop over those that find a place in it.
struct HeapGraph {
  let count: Int

  /// The heap's distances and rows, in its order.
  func nearest(
    _ distances: ONNXValue, times: ONNXValue, in graph: inout ONNXGraph
  ) -> (distances: ONNXValue, rows: ONNXValue) {
    let first = ONNXAttribute.integer(0)
    // The heap's distances and rows, and the row of the next sample.
    let state = [
      ONNXType(.double, [count]), ONNXType(.integer, [count]), ONNXType(.integer, [1]),
    ]
    let goesOn = ONNXType(.boolean, [])
    let body = graph.subgraph(
      inputs: [ONNXType(.integer, []), goesOn] + state, outputs: [goesOn] + state
    ) { graph, inputs in
      let (heap, row) = ((distances: inputs[2], rows: inputs[3]), inputs[4])
      let pushed = push(graph.node("Gather", distances, row), row, onto: heap, in: &graph)
      // The next sample that is nearer than the farthest one of the heap.
      let farthest = graph.element(0, of: pushed.distances)
      let isNearer = graph.node("Less", distances, farthest)
      let isLater = graph.node("Greater", times, graph.node("Gather", times, row))
      let none = graph.constant(.infinity)
      let later = graph.node("Where", graph.node("And", isNearer, isLater), times, none)
      let next = graph.node("ArgMin", later, attributes: ["axis": first])
      let goesOn = graph.node("Less", graph.node("Gather", later, next), none)
      return [graph.node("Squeeze", goesOn), pushed.distances, pushed.rows, next]
    }
    let last = graph.nodes(
      "Loop",
      [
        graph.constant(ONNXTensor([Int.max], shape: [])),
        graph.constant(ONNXTensor([true], shape: [])),
        graph.constant([Double](repeating: .infinity, count: count)),
        graph.constant([Int](repeating: 0, count: count)),
        graph.node("ArgMin", times, attributes: ["axis": first]),
      ], attributes: ["body": body], outputCount: 3)
    return (last[0], last[1])
  }

  /// Puts a sample in the place of the farthest one, and goes down from there while a child is farther.
  private func push(
    _ distance: ONNXValue, _ row: ONNXValue, onto heap: (distances: ONNXValue, rows: ONNXValue),
    in graph: inout ONNXGraph
  ) -> (distances: ONNXValue, rows: ONNXValue) {
    var (distances, rows) = heap
    let places = graph.constant(Array(0..<count))
    let (one, end) = (graph.constant([1]), graph.constant([count]))
    // What is behind the end is nearer than anything.
    let padded = graph.nodes(
      "Concat", [distances, graph.constant([-Double.infinity])],
      attributes: ["axis": .integer(0)], outputCount: 1)[0]
    var hole = graph.constant([0])
    for _ in 0..<(Int.bitWidth - 1 - count.leadingZeroBitCount) {
      let below = graph.node("Add", graph.node("Add", hole, hole), one)
      let left = graph.node("Min", below, end)
      let right = graph.node("Min", graph.node("Add", below, one), end)
      let isRightFarther = graph.node(
        "Less", graph.node("Gather", padded, left), graph.node("Gather", padded, right))
      let child = graph.node("Where", isRightFarther, right, left)
      let childDistance = graph.node("Gather", padded, child)
      let goesDown = graph.node("Less", distance, childDistance)
      let isHole = graph.node("And", graph.node("Equal", places, hole), goesDown)
      let lastPlace = graph.constant([count - 1])
      let childRow = graph.node("Gather", rows, graph.node("Min", child, lastPlace))
      distances = graph.node("Where", isHole, childDistance, distances)
      rows = graph.node("Where", isHole, childRow, rows)
      hole = graph.node("Where", goesDown, child, hole)
    }
    let isHole = graph.node("Equal", places, hole)
    return (
      graph.node("Where", isHole, distance, distances), graph.node("Where", isHole, row, rows)
    )
  }
}
