import JSON

/// A safetensors file with a checked header; tensors are read on demand.
///
/// Every size in the header is compared with the file's before anything is allocated.
///
/// - SeeAlso: https://huggingface.co/docs/safetensors
public struct SafetensorsFile {
  /// The longest header that is read, in bytes. The format allows 100 MB, far more than any model here needs.
  static var headerLimit: Int { 4 << 20 }
  /// The most tensors that a file may have.
  static var tensorLimit: Int { 64 }

  package let metadata: [String: String]
  private let tensors: [String: Entry]
  private let source: ByteSource
  private let dataStart: Int

  private struct Entry {
    let name: String
    let type: ElementType
    let shape: [Int]
    /// Within the data, which starts behind the header.
    let range: Range<Int>
  }

  var fileName: String { source.name }

  package init(contentsOf path: String) throws(ModelFileError) {
    try self.init(ByteSource(contentsOf: path))
  }

  init(_ source: ByteSource) throws(ModelFileError) {
    func fail(_ problem: String) -> ModelFileError {
      ModelFileError(.badData, source.name, problem)
    }
    guard source.count >= 8 else {
      throw fail("expected a safetensors file, found \(source.count) bytes")
    }
    let lengthBytes = try source.bytes(0..<8)
    let length = lengthBytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(Self.headerLimit) else {
      throw fail(
        "expected a safetensors file with a header of at most \(Self.headerLimit) bytes, "
          + "found a length of \(length)")
    }
    guard Int(length) <= source.count - 8 else {
      throw fail("expected a header of \(length) bytes, found \(source.count - 8)")
    }
    let header = try source.bytes(8..<8 + Int(length))
    guard header.first == UInt8(ascii: "{") else {
      throw fail("expected a safetensors file, whose header starts with {")
    }
    let dataStart = 8 + Int(length)
    let dataCount = source.count - dataStart
    var metadata: [String: String] = [:]
    var entries: [Entry] = []
    do throws(JSONError) {
      var reader = JSONReader(header)
      try reader.object { name, reader throws(JSONError) in
        if name == "__metadata__" {
          try reader.object { key, reader throws(JSONError) in metadata[key] = try reader.string() }
        } else {
          guard entries.count < Self.tensorLimit else {
            throw reader.error("more than \(Self.tensorLimit) tensors")
          }
          entries.append(try Self.entry(name, &reader, dataCount: dataCount))
        }
      }
      try reader.finish()
    } catch {
      throw fail("header, \(error.description)")
    }
    try Self.checkLayout(entries, dataCount: dataCount, fileName: source.name)
    self.metadata = metadata
    tensors = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0) })
    self.source = source
    self.dataStart = dataStart
  }

  /// Reads the header's entry of a tensor.
  private static func entry(
    _ name: String, _ reader: inout JSONReader, dataCount: Int
  ) throws(JSONError) -> Entry {
    var type: ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    try reader.object { key, reader throws(JSONError) in
      switch key {
      case "dtype":
        let word = try reader.string()
        type = ElementType(rawValue: word)
        if type == nil {
          throw reader.error("unknown type of elements \(JSONReader.quoted(word))")
        }
      case "shape": shape = try Self.sizes(&reader, limit: 8)
      case "data_offsets": offsets = try Self.sizes(&reader, limit: 2)
      default: throw reader.error("unknown member \(JSONReader.quoted(key)) of a tensor")
      }
    }
    let tensor = "tensor \(JSONReader.quoted(name))"
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw reader.error("\(tensor) needs dtype, shape and two data_offsets")
    }
    guard offsets[0] <= offsets[1], offsets[1] <= dataCount else {
      throw reader.error(
        "\(tensor) has the offsets \(offsets[0]) to \(offsets[1]) in \(dataCount) bytes of data")
    }
    var size = type.size
    for dimension in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      guard !overflow else { throw reader.error("\(tensor) has a shape that overflows") }
      size = product
    }
    guard size == offsets[1] - offsets[0] else {
      throw reader.error(
        "\(tensor) has \(offsets[1] - offsets[0]) bytes, its shape and type need \(size)")
    }
    return Entry(name: name, type: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  /// A few whole numbers from 0 on.
  private static func sizes(
    _ reader: inout JSONReader, limit: Int
  ) throws(JSONError) -> [Int] {
    var sizes: [Int] = []
    try reader.array { reader throws(JSONError) in
      let size = try reader.integer()
      guard size >= 0 else { throw reader.error("expected a size, found \(size)") }
      guard sizes.count < limit else { throw reader.error("more than \(limit) numbers") }
      sizes.append(size)
    }
    return sizes
  }

  /// Checks that the tensors fill the data one after the other.
  private static func checkLayout(
    _ entries: [Entry], dataCount: Int, fileName: String
  ) throws(ModelFileError) {
    let sorted = entries.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = 0
    for entry in sorted {
      guard entry.range.lowerBound == end else {
        throw ModelFileError(
          .badData, fileName,
          "tensor \(JSONReader.quoted(entry.name)) starts at byte \(entry.range.lowerBound) of the "
            + "data, expected \(end): tensors must neither overlap nor leave gaps")
      }
      end = entry.range.upperBound
    }
    guard end == dataCount else {
      throw ModelFileError(
        .badData, fileName, "\(dataCount - end) bytes follow the last tensor")
    }
  }

  func has(_ name: String) -> Bool { tensors[name] != nil }

  var tensorNames: [String] { Array(tensors.keys) }

  func elementType(of name: String) throws(ModelFileError) -> ElementType { try entry(name).type }

  /// A tensor's type of elements and its shape, such as `F64 [3, 9]`.
  func type(of name: String) throws(ModelFileError) -> String {
    let entry = try entry(name)
    return "\(entry.type.rawValue) \(entry.shape)"
  }

  /// A tensor's shape, which must have `rank` dimensions.
  package func shape(_ name: String, rank: Int) throws(ModelFileError) -> [Int] {
    let shape = try entry(name).shape
    guard shape.count == rank else {
      throw fail("tensor \"\(name)\" has \(shape.count) dimensions, expected \(rank)")
    }
    return shape
  }

  /// A tensor's elements in row order.
  package func elements<Element: TensorElement>(
    _ name: String, of _: Element.Type = Element.self
  ) throws(ModelFileError) -> [Element] {
    let entry = try entry(name)
    guard entry.type == Element.elementType else {
      throw fail(
        "tensor \"\(name)\" has elements of type \(entry.type.rawValue), expected "
          + Element.elementType.rawValue)
    }
    let count = entry.range.count / entry.type.size
    var failure: ModelFileError?
    let elements = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(ModelFileError) {
        try source.read(
          at: dataStart + entry.range.lowerBound,
          into: UnsafeMutableRawBufferPointer(
            start: buffer.baseAddress, count: count * entry.type.size))
        initialized = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return elements
  }

  /// Refuses tensors that the model does not have.
  func checkNames(_ names: Set<String>) throws(ModelFileError) {
    if let odd = tensors.keys.filter({ !names.contains($0) }).min() {
      throw fail("unknown tensor \(JSONReader.quoted(odd))")
    }
  }

  package func fail(_ problem: String) -> ModelFileError {
    ModelFileError(.badData, source.name, problem)
  }

  private func entry(_ name: String) throws(ModelFileError) -> Entry {
    guard let entry = tensors[name] else { throw fail("expected a tensor \"\(name)\"") }
    return entry
  }
}
