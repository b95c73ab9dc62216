#if _endian(big)
  #error("safetensors files are little-endian, and this code copies numbers as they lie in memory")
#endif

/// The types of elements that the safetensors format knows, by the names it gives them.
package enum ElementType: String, CaseIterable {
  case bool = "BOOL"
  case uint8 = "U8"
  case int8 = "I8"
  case float8e5m2 = "F8_E5M2"
  case float8e4m3 = "F8_E4M3"
  case int16 = "I16"
  case uint16 = "U16"
  case float16 = "F16"
  case brainFloat16 = "BF16"
  case int32 = "I32"
  case uint32 = "U32"
  case float32 = "F32"
  case float64 = "F64"
  case int64 = "I64"
  case uint64 = "U64"

  /// The size of an element in bytes.
  var size: Int {
    switch self {
    case .bool, .uint8, .int8, .float8e5m2, .float8e4m3: 1
    case .int16, .uint16, .float16, .brainFloat16: 2
    case .int32, .uint32, .float32: 4
    case .float64, .int64, .uint64: 8
    }
  }
}

/// A type of Swift that lies in memory as an element type does in a file.
package protocol TensorElement: BitwiseCopyable {
  static var elementType: ElementType { get }
}

extension Double: TensorElement { package static var elementType: ElementType { .float64 } }
extension Float: TensorElement { package static var elementType: ElementType { .float32 } }
extension Int32: TensorElement { package static var elementType: ElementType { .int32 } }
extension UInt8: TensorElement { package static var elementType: ElementType { .uint8 } }

/// A named array of numbers in row order, to be written.
public struct Tensor: Sendable {
  let name: String
  let type: ElementType
  let shape: [Int]
  let bytes: [UInt8]

  /// - Precondition: `elements` fill the shape.
  package init<Element: TensorElement>(_ name: String, _ elements: [Element], shape: [Int]) {
    precondition(elements.count == shape.reduce(1, *), "\(name): elements do not fill \(shape)")
    self.name = name
    self.shape = shape
    type = Element.elementType
    bytes = elements.withUnsafeBytes(Array.init)
  }
}
