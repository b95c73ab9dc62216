/// A message of Protocol Buffers as its fields, read from bytes: what the tests look into.
///
/// It shares no code with the writer.
public struct WrittenMessage: Equatable {
  public enum Field: Equatable {
    case number(UInt64)
    case bytes([UInt8])
  }

  public private(set) var fields: [(number: Int, value: Field)] = []

  /// `nil` where the bytes are no message of whole numbers and runs of bytes.
  public init?(_ bytes: some Sequence<UInt8>) {
    var rest = Array(bytes)[...]
    func varint() -> UInt64? {
      var number: UInt64 = 0
      var shift: UInt64 = 0
      while let byte = rest.popFirst(), shift < 64 {
        number |= UInt64(byte & 0x7f) << shift
        if byte < 0x80 { return number }
        shift += 7
      }
      return nil
    }
    while !rest.isEmpty {
      guard let key = varint() else { return nil }
      switch key & 7 {
      case 0:
        guard let number = varint() else { return nil }
        fields.append((Int(key >> 3), .number(number)))
      case 2:
        guard let count = varint(), count <= rest.count else { return nil }
        fields.append((Int(key >> 3), .bytes(Array(rest.prefix(Int(count))))))
        rest = rest.dropFirst(Int(count))
      default: return nil
      }
    }
  }

  /// All values of a field, in their order.
  public func texts(_ number: Int) -> [String] {
    runs(number).map { String(decoding: $0, as: UTF8.self) }
  }

  public func messages(_ number: Int) -> [WrittenMessage] { runs(number).compactMap { Self($0) } }

  public func number(_ number: Int) -> UInt64? {
    for field in fields where field.number == number {
      if case .number(let value) = field.value { return value }
    }
    return nil
  }

  public func runs(_ number: Int) -> [[UInt8]] {
    fields.compactMap { field in
      guard field.number == number, case .bytes(let bytes) = field.value else { return nil }
      return bytes
    }
  }

  public static func == (first: Self, second: Self) -> Bool {
    first.fields.elementsEqual(second.fields) { $0.number == $1.number && $0.value == $1.value }
  }
}

/// What a test needs of a file's graph.
public struct WrittenGraph {
  public let model: WrittenMessage
  public let graph: WrittenMessage

  public init?(_ bytes: [UInt8]) {
    guard let model = WrittenMessage(bytes), let graph = model.messages(7).first else { return nil }
    (self.model, self.graph) = (model, graph)
  }

  /// The operators in their order, without those of graphs inside.
  public var operations: [String] { graph.messages(1).flatMap { $0.texts(4) } }

  /// Each input's name and element type.
  public var inputs: [String: UInt64] { ports(11) }
  public var outputs: [String: UInt64] { ports(12) }

  private func ports(_ field: Int) -> [String: UInt64] {
    Dictionary(
      uniqueKeysWithValues: graph.messages(field).map { port in
        (port.texts(1)[0], port.messages(2)[0].messages(1)[0].number(1) ?? 0)
      })
  }

  /// Whether every node uses only what is there before it, and no name is given twice, in the graph and in those inside it.
  public var isOrdered: Bool { Self.isOrdered(graph, known: []) }

  private static func isOrdered(_ graph: WrittenMessage, known: Set<String>) -> Bool {
    var known = known
    let given =
      graph.messages(11).flatMap { $0.texts(1) } + graph.messages(5).flatMap { $0.texts(8) }
    for name in given { guard known.insert(name).inserted else { return false } }
    for node in graph.messages(1) {
      guard node.texts(1).allSatisfy({ known.contains($0) }) else { return false }
      for inner in node.messages(5).flatMap({ $0.messages(6) }) {
        guard isOrdered(inner, known: known) else { return false }
      }
      for name in node.texts(2) { guard known.insert(name).inserted else { return false } }
    }
    return graph.messages(12).allSatisfy { known.contains($0.texts(1)[0]) }
  }
}
