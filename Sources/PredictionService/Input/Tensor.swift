import JSON
import NIOCore
import Support

/// The element types of the Open Inference Protocol.
enum TensorType: String {
  case fp64 = "FP64"
  case fp32 = "FP32"
  case fp16 = "FP16"
  case bf16 = "BF16"
  case int64 = "INT64"
  case int32 = "INT32"
  case int16 = "INT16"
  case int8 = "INT8"
  case uint64 = "UINT64"
  case uint32 = "UINT32"
  case uint16 = "UINT16"
  case uint8 = "UINT8"
  case bool = "BOOL"
  /// Texts.
  case bytes = "BYTES"

  var isNumber: Bool { self != .bool && self != .bytes }

  /// The bytes of an element as binary data; `nil` for texts, each of which has its length.
  var size: Int? {
    switch self {
    case .fp64, .int64, .uint64: 8
    case .fp32, .int32, .uint32: 4
    case .fp16, .bf16, .int16, .uint16: 2
    case .int8, .uint8, .bool: 1
    case .bytes: nil
    }
  }

  /// Whether a number that was sent as JSON is one of the type.
  func holds(_ number: Double) -> Bool {
    switch self {
    case .int64: Int64(exactly: number) != nil
    case .int32: Int32(exactly: number) != nil
    case .int16: Int16(exactly: number) != nil
    case .int8: Int8(exactly: number) != nil
    case .uint64: UInt64(exactly: number) != nil
    case .uint32: UInt32(exactly: number) != nil
    case .uint16: UInt16(exactly: number) != nil
    case .uint8: UInt8(exactly: number) != nil
    case .fp64, .fp32, .fp16, .bf16, .bool, .bytes: true
    }
  }

  /// Reads the next element of binary data, whose bytes are in the order of x86.
  ///
  /// - Returns: `nil` at the end of the data.
  func read(_ data: inout ByteBuffer) -> RowReader.Cell? {
    func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer? {
      data.readInteger(endianness: .little)
    }
    return switch self {
    case .fp64: integer(UInt64.self).map { .number(Double(bitPattern: $0)) }
    case .fp32: integer(UInt32.self).map { .number(Double(Float(bitPattern: $0))) }
    case .fp16: integer(UInt16.self).map { .number(Self.half($0)) }
    case .bf16: integer(UInt16.self).map { .number(Double(Float(bitPattern: UInt32($0) << 16))) }
    case .int64: integer(Int64.self).map { .number(Double($0)) }
    case .int32: integer(Int32.self).map { .number(Double($0)) }
    case .int16: integer(Int16.self).map { .number(Double($0)) }
    case .int8: integer(Int8.self).map { .number(Double($0)) }
    case .uint64: integer(UInt64.self).map { .number(Double($0)) }
    case .uint32: integer(UInt32.self).map { .number(Double($0)) }
    case .uint16: integer(UInt16.self).map { .number(Double($0)) }
    case .uint8: integer(UInt8.self).map { .number(Double($0)) }
    case .bool: integer(UInt8.self).map { .boolean($0 != 0) }
    case .bytes:
      integer(UInt32.self).flatMap { data.readBytes(length: Int($0)) }.map { bytes in
        String(validating: bytes, as: UTF8.self).map { .text($0) }
          ?? .other(found: "bytes that are not UTF-8")
      }
    }
  }

  /// A number of 16 bits: a sign, five bits of exponent, ten of fraction.
  private static func half(_ bits: UInt16) -> Double {
    let (exponent, fraction) = (Int(bits >> 10 & 31), Double(bits & 1023))
    let size: Double =
      switch exponent {
      case 0: fraction / 1024 / 16384
      case 31: fraction == 0 ? .infinity : .nan
      default: Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
      }
    return bits >> 15 == 0 ? size : -size
  }
}

/// An input of a request of the Open Inference Protocol.
struct Tensor {
  let name: String
  let type: TensorType
  let shape: [Int]
  let elements: [RowReader.Cell]

  /// An input as it is announced: with its elements, or with the size of its binary data.
  struct Announced {
    fileprivate var name: String?
    fileprivate var type: String?
    fileprivate var shape: [Int?]?
    fileprivate var elements: [RowReader.Cell]?
    fileprivate var binarySize: Int?
  }

  /// Reads an input.
  ///
  /// - Parameter limit: how many elements it and the inputs after it may have; it is reduced.
  static func announced(
    _ reader: inout JSONReader, limit: inout Int
  ) throws(JSONError) -> Announced {
    var tensor = Announced()
    guard reader.peek() == UInt8(ascii: "{") else {
      try reader.skipValue()
      return tensor
    }
    try reader.object { name, reader throws(JSONError) in
      switch name {
      case "name": tensor.name = try reader.text()
      case "datatype": tensor.type = try reader.text()
      case "shape" where reader.peek() == UInt8(ascii: "["):
        tensor.shape = try reader.list { reader throws(JSONError) in
          try reader.value().wholeNumber
        }
      case "data" where reader.peek() == UInt8(ascii: "["):
        tensor.elements = []
        try readElements(&reader, into: &tensor.elements!, limit: &limit)
      case "parameters" where reader.peek() == UInt8(ascii: "{"):
        try reader.object { name, reader throws(JSONError) in
          if name == "binary_data_size" {
            tensor.binarySize = try reader.value().wholeNumber
          } else {
            try reader.skipValue()
          }
        }
      default: try reader.skipValue()
      }
    }
    return tensor
  }

  /// Reads elements that may be nested as the shape is.
  private static func readElements(
    _ reader: inout JSONReader, into elements: inout [RowReader.Cell], limit: inout Int,
    depth: Int = 0
  ) throws(JSONError) {
    guard depth < 8 else { throw reader.error("nested too deeply") }
    try reader.array { reader throws(JSONError) in
      if reader.peek() == UInt8(ascii: "[") {
        return try readElements(&reader, into: &elements, limit: &limit, depth: depth + 1)
      }
      limit -= 1
      guard limit >= 0 else { throw reader.error("more elements than the rows of a request have") }
      elements.append(try RowReader.cell(&reader))
    }
  }

  /// Completes an input, with its elements from the binary data if they are there.
  ///
  /// - Parameter data: what follows the JSON of the request; the input's part of it is read.
  init(_ announced: Announced, data: inout ByteBuffer, limit: inout Int) throws(Problem) {
    guard let name = announced.name else {
      throw Problem(.badRequest, "expected a name for each input")
    }
    func fail(_ problem: String) -> Problem {
      Problem(.badRequest, "input \(JSONReader.quoted(name)): \(problem)")
    }
    guard let typeName = announced.type, let sizes = announced.shape,
      announced.elements != nil || announced.binarySize != nil
    else { throw fail("expected datatype, shape and data") }
    guard let type = TensorType(rawValue: typeName) else {
      throw fail("expected a datatype such as FP64 or BYTES, found \(JSONReader.quoted(typeName))")
    }
    var (shape, count) = ([Int](), 1)
    for size in sizes {
      guard let size, size >= 0 else { throw fail("expected the shape [rows] or [rows, 1]") }
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: size)
      guard !isTooLarge else { throw fail("expected at most \(ServiceState.rowLimit) rows") }
      (shape, count) = (shape + [size], product)
    }
    if let elements = announced.elements {
      guard announced.binarySize == nil else { throw fail("expected data or binary data") }
      self.elements = elements
    } else {
      guard let size = announced.binarySize, size >= 0, var part = data.readSlice(length: size)
      else { throw fail("the body ends before its binary data") }
      if let width = type.size, count != size / width || size % width != 0 {
        throw fail("\(count) elements of \(typeName) have not \(size) bytes of binary data")
      }
      var elements: [RowReader.Cell] = []
      while part.readableBytes > 0 {
        limit -= 1
        guard limit >= 0 else { throw fail("more elements than the rows of a request have") }
        guard let element = type.read(&part) else {
          throw fail("its binary data ends within an element")
        }
        elements.append(element)
      }
      self.elements = elements
    }
    guard !shape.isEmpty else { throw fail("expected the shape [rows] or [rows, 1]") }
    for case (let place, .number(let number)) in elements.enumerated() where !type.holds(number) {
      throw fail("element \(place): \(typeName) has no number \(NumberText.shortest(number))")
    }
    (self.name, self.type, self.shape) = (name, type, shape)
  }

  /// Checks the number of rows, and that there are as many elements as the shape says.
  func checkCount() throws(Problem) {
    let count = shape.reduce(1, *)
    let problem =
      shape[0] > ServiceState.rowLimit
      ? "expected at most \(ServiceState.rowLimit) rows, found \(shape[0])"
      : "expected \(count) elements as the shape says, found \(elements.count)"
    guard shape[0] <= ServiceState.rowLimit, elements.count == count else {
      throw Problem(.badRequest, "input \(JSONReader.quoted(name)): \(problem)")
    }
  }

  /// An element; in a tensor of numbers a text is none.
  func element(_ index: Int) -> RowReader.Cell {
    if type.isNumber, case .text = elements[index] { return .other(found: "a text") }
    return elements[index]
  }
}

extension JSONReader {
  /// Reads a text; `nil` for any other value.
  mutating func text() throws(JSONError) -> String? {
    if peek() == UInt8(ascii: "\"") { return try string() }
    try skipValue()
    return nil
  }
}
