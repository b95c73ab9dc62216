import TestSupport
import Testing

@testable import ONNX

@Suite struct `A message of Protocol Buffers` {
  @Test func `has the bytes of the documentation's examples`() {
    // https://protobuf.dev/programming-guides/encoding/
    var message = ProtobufMessage()
    message.append(1, 150)
    #expect(message.bytes == [0x08, 0x96, 0x01])
    message = ProtobufMessage()
    message.append(2, "testing")
    #expect(message.bytes == [0x12, 0x07] + Array("testing".utf8))
    message = ProtobufMessage()
    message.append(6, packed: [3, 270, 86942])
    #expect(message.bytes == [0x32, 0x06, 0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05])
    var outer = ProtobufMessage()
    var inner = ProtobufMessage()
    inner.append(1, 150)
    outer.append(3, inner)
    #expect(outer.bytes == [0x1a, 0x03, 0x08, 0x96, 0x01])
  }

  @Test func `writes a negative number in ten bytes`() {
    var message = ProtobufMessage()
    message.append(1, -2)
    #expect(message.bytes == [0x08, 0xfe] + [UInt8](repeating: 0xff, count: 8) + [0x01])
  }
}

@Suite struct `An ONNX graph` {
  private func file(_ make: (inout ONNXGraph) throws -> Void) throws -> WrittenGraph {
    var graph = ONNXGraph()
    try make(&graph)
    let bytes = try graph.file(producer: "tests", version: "1", metadata: ["b": "2", "a": "1"])
    return try #require(WrittenGraph(bytes))
  }

  @Test func `says by which versions of the operators it is to be read`() throws {
    let written = try file { graph in
      let input = try graph.input("x", .double)
      try graph.output(input, "y", .double, columns: [1])
    }
    #expect(written.model.number(1) == 10)
    #expect(written.model.texts(2) == ["tests"])
    let sets = written.model.messages(8)
    #expect(sets.map { $0.texts(1) } == [[""], ["ai.onnx.ml"]])
    #expect(sets.map { $0.number(2) } == [21, 5])
    #expect(written.model.messages(14).map { $0.texts(1) } == [["a"], ["b"]])
    #expect(written.inputs == ["x": 11])
    #expect(written.outputs == ["y": 11])
  }

  @Test func `has a number of rows that is open, and a number of columns`() throws {
    let written = try file { graph in
      let input = try graph.input("x", .text)
      try graph.output(input, "y", .text, columns: [3])
    }
    let shape = written.graph.messages(12)[0].messages(2)[0].messages(1)[0].messages(2)[0]
    #expect(shape.messages(1).map { $0.texts(2) } == [["rows"], []])
    #expect(shape.messages(1).map { $0.number(1) } == [nil, 3])
  }

  @Test func `keeps numbers as their bytes, and texts as texts`() throws {
    let written = try file { graph in
      let number = graph.constant(1.5)
      let texts = graph.constant(ONNXTensor(["a", "é"]))
      let sum = graph.node("Add", try graph.input("x", .double), number)
      try graph.output(sum, "y", .double, columns: [1])
      try graph.output(texts, "z", .text, columns: [])
    }
    let constants = written.graph.messages(5)
    #expect(constants.map { $0.number(2) } == [11, 8])
    // A single number has no dimensions, which is an empty run.
    #expect(constants[0].runs(1) == [[]])
    #expect(constants[0].runs(9) == [[0, 0, 0, 0, 0, 0, 0xf8, 0x3f]])
    #expect(constants[1].runs(1) == [[2]])
    #expect(constants[1].texts(6) == ["a", "é"])
  }

  @Test func `gives graphs inside it names of their own`() throws {
    let written = try file { graph in
      let input = try graph.input("x", .double)
      let start = graph.zeros(rowsOf: input, columns: 1)
      let sum = graph.sum(from: start, over: [(input, axis: 1)]) { graph, parts in
        let inner = graph.sum(from: parts[0], over: [(parts[0], axis: 0)]) { graph, parts in
          graph.node("Mul", parts[0], graph.constant(2))
        }
        return graph.node("Add", inner, start)
      }
      try graph.output(sum, "y", .double, columns: [1])
    }
    #expect(written.isOrdered)
    #expect(written.operations.contains("Scan"))
  }

  @Test(arguments: ["", "y", "value 1", "x"])
  func `refuses the name of a column that cannot be an input's`(_ name: String) throws {
    #expect(throws: ONNXError.self) {
      _ = try file { graph in
        let input = try graph.input("x", .double)
        _ = try graph.input(name, .double)
        try graph.output(input, "y", .double, columns: [1])
      }
    }
  }
}

@Suite struct `Trees in an ONNX graph` {
  @Test func `have a node where a tree is a leaf, and a column for each tree`() throws {
    var trees = ONNXTrees()
    trees.beginTree()
    let leaf = trees.addLeaf(7)
    trees.addNode(feature: 0, .atMost(0, missingGoesLeft: true), left: leaf, right: leaf)
    trees.beginTree()
    let (low, high) = (trees.addLeaf(1), trees.addLeaf(2))
    trees.addNode(
      feature: 3, .atMost(0.5, missingGoesLeft: false), left: low, right: .node(2))
    trees.addNode(feature: 1, .atMost(1.5, missingGoesLeft: true), left: low, right: high)
    var graph = ONNXGraph()
    let input = try graph.input("x", .double)
    try graph.output(graph.leaves(of: trees, input), "y", .double, columns: [2])
    let bytes = try graph.file(producer: "", version: "", metadata: [:])
    let node = try #require(WrittenGraph(bytes)).graph.messages(1)[0]
    #expect(node.texts(4) == ["TreeEnsemble"])
    #expect(node.texts(7) == ["ai.onnx.ml"])
    func numbers(_ name: String) -> [UInt8]? {
      node.messages(5).first { $0.texts(1) == [name] }?.runs(8).first
    }
    #expect(numbers("tree_roots") == [0, 1])
    #expect(numbers("nodes_featureids") == [0, 3, 1])
    #expect(numbers("nodes_truenodeids") == [0, 1, 1])
    #expect(numbers("nodes_trueleafs") == [1, 1, 1])
    #expect(numbers("nodes_falsenodeids") == [0, 2, 2])
    #expect(numbers("nodes_falseleafs") == [1, 0, 1])
    #expect(numbers("nodes_missing_value_tracks_true") == [1, 0, 1])
    #expect(numbers("leaf_targetids") == [0, 1, 1])
    #expect(trees.treeCount == 2)
  }
}
