/// An array in a graph: its elements in row order.
public struct ONNXTensor: Hashable, Sendable {
  /// The raw value is that of `TensorProto.DataType`.
  public enum ElementType: Int, Sendable {
    case float = 1
    case byte = 2
    case integer = 7
    case text = 8
    case boolean = 9
    case double = 11
  }

  enum Content: Hashable, Sendable {
    /// The elements' bytes, little-endian.
    case bytes([UInt8])
    case texts([String])
  }

  let type: ElementType
  let shape: [Int]
  let content: Content

  private init(_ type: ElementType, _ content: Content, count: Int, shape: [Int]?) {
    self.type = type
    self.content = content
    self.shape = shape ?? [count]
    precondition(self.shape.reduce(1, *) == count, "\(count) elements in the shape \(self.shape)")
  }

  /// - Parameter shape: that of a vector by default; empty for a single number.
  public init(_ numbers: [Double], shape: [Int]? = nil) {
    self.init(
      .double, .bytes(Self.littleEndian(numbers.map(\.bitPattern))), count: numbers.count,
      shape: shape)
  }

  public init(_ numbers: [Int], shape: [Int]? = nil) {
    self.init(
      .integer, .bytes(Self.littleEndian(numbers.map(Int64.init))), count: numbers.count,
      shape: shape)
  }

  public init(_ number: Float) {
    self.init(.float, .bytes(Self.littleEndian([number.bitPattern])), count: 1, shape: [])
  }

  public init(_ truths: [Bool], shape: [Int]? = nil) {
    self.init(.boolean, .bytes(truths.map { $0 ? 1 : 0 }), count: truths.count, shape: shape)
  }

  public init(bytes: [UInt8]) {
    self.init(.byte, .bytes(bytes), count: bytes.count, shape: nil)
  }

  public init(_ texts: [String]) {
    self.init(.text, .texts(texts), count: texts.count, shape: nil)
  }

  private static func littleEndian<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(numbers.count * MemoryLayout<Number>.size)
    for number in numbers {
      withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  /// A `TensorProto`.
  ///
  /// - Parameter name: `nil` in an attribute.
  func message(name: String?) -> ProtobufMessage {
    var message = ProtobufMessage()
    message.append(1, packed: shape)
    message.append(2, type.rawValue)
    switch content {
    case .texts(let texts): for text in texts { message.append(6, text) }
    case .bytes(let bytes): message.append(9, bytes)
    }
    if let name { message.append(8, name) }
    return message
  }
}
