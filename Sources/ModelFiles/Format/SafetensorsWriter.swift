import JSON

/// Writes tensors in the safetensors format: eight bytes with the header's length, the header as JSON,
/// padded with spaces to a multiple of eight bytes, and the tensors without gaps.
///
/// Tensors with wide elements come first, so that each lies at a multiple of its element's size.
///
/// - SeeAlso: https://huggingface.co/docs/safetensors
package enum SafetensorsWriter {
  package static func bytes(_ tensors: [Tensor], metadata: [String: String]) -> [UInt8] {
    let tensors = tensors.sorted { ($1.type.size, $0.name) < ($0.type.size, $1.name) }
    var members: [String: JSONValue] = ["__metadata__": .sorted(metadata.mapValues { .string($0) })]
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.bytes.count
      members[tensor.name] = .sorted([
        "dtype": .string(tensor.type.rawValue), "shape": .array(tensor.shape.map { .integer($0) }),
        "data_offsets": .array([.integer(offset), .integer(end)]),
      ])
      offset = end
    }
    var header = JSONValue.sorted(members).bytes
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + offset)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: header)
    for tensor in tensors { bytes.append(contentsOf: tensor.bytes) }
    return bytes
  }
}
