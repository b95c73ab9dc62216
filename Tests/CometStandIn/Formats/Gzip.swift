/// Why compressed bytes could not be expanded.
struct GzipError: Error, CustomStringConvertible {
  let description: String
}

/// Expands gzip (RFC 1952): the official SDK compresses the batches that `comet upload` sends.
enum Gzip {
  static func expanded(_ bytes: [UInt8]) throws(GzipError) -> [UInt8] {
    guard bytes.count >= 18, bytes[0] == 0x1F, bytes[1] == 0x8B, bytes[2] == 8 else {
      throw GzipError(description: "not gzip")
    }
    let flags = bytes[3]
    var position = 10
    if flags & 4 != 0 { position += 2 + Int(bytes[10]) + Int(bytes[11]) << 8 }
    for flag: UInt8 in [8, 16] where flags & flag != 0 {  // name, comment
      while position < bytes.count, bytes[position] != 0 { position += 1 }
      position += 1
    }
    if flags & 2 != 0 { position += 2 }
    guard position + 8 <= bytes.count else { throw GzipError(description: "a cut gzip header") }
    var inflater = Inflater(input: bytes[position..<bytes.count - 8])
    let output = try inflater.run()
    let trailer = bytes.suffix(8)
    func word(_ offset: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(trailer[trailer.startIndex + offset + $1]) << (8 * $1) }
    }
    guard word(0) == CRC32.checksum(of: output), word(4) == UInt32(truncatingIfNeeded: output.count)
    else { throw GzipError(description: "gzip with a wrong checksum") }
    return output
  }
}

/// Expands DEFLATE (RFC 1951), a bit at a time: the batches are small.
private struct Inflater {
  let input: ArraySlice<UInt8>
  var position: Int
  var bits: UInt32 = 0
  var bitCount = 0
  var output: [UInt8] = []

  init(input: ArraySlice<UInt8>) {
    self.input = input
    position = input.startIndex
  }

  mutating func run() throws(GzipError) -> [UInt8] {
    var isLast = false
    while !isLast {
      isLast = try take(1) == 1
      switch try take(2) {
      case 0: try copyStored()
      case 1: try expand(literals: .fixedLiterals, distances: .fixedDistances)
      case 2:
        let (literals, distances) = try tables()
        try expand(literals: literals, distances: distances)
      default: throw GzipError(description: "an unknown block type")
      }
    }
    return output
  }

  private mutating func take(_ count: Int) throws(GzipError) -> Int {
    while bitCount < count {
      guard position < input.endIndex else { throw GzipError(description: "cut compressed data") }
      bits |= UInt32(input[position]) << UInt32(bitCount)
      position += 1
      bitCount += 8
    }
    defer {
      bits >>= UInt32(count)
      bitCount -= count
    }
    return Int(bits & (1 << UInt32(count) - 1))
  }

  private mutating func copyStored() throws(GzipError) {
    bits = 0
    bitCount = 0
    guard position + 4 <= input.endIndex else { throw GzipError(description: "cut stored block") }
    let count = Int(input[position]) | Int(input[position + 1]) << 8
    position += 4
    guard position + count <= input.endIndex else {
      throw GzipError(description: "cut stored block")
    }
    output += input[position..<position + count]
    position += count
  }

  private mutating func symbol(_ table: HuffmanTable) throws(GzipError) -> Int {
    var code = 0
    var first = 0
    var index = 0
    for length in 1..<16 {
      code |= try take(1)
      let count = table.counts[length]
      if code - count < first { return table.symbols[index + code - first] }
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    throw GzipError(description: "an unknown code")
  }

  private mutating func tables() throws(GzipError) -> (HuffmanTable, HuffmanTable) {
    let literalCount = try take(5) + 257
    let distanceCount = try take(5) + 1
    let lengthCount = try take(4) + 4
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    var lengths = [Int](repeating: 0, count: 19)
    for index in 0..<lengthCount { lengths[order[index]] = try take(3) }
    let codes = HuffmanTable(lengths: lengths)
    lengths = []
    while lengths.count < literalCount + distanceCount {
      let symbol = try symbol(codes)
      switch symbol {
      case 0..<16: lengths.append(symbol)
      case 16:
        guard let last = lengths.last else { throw GzipError(description: "nothing to repeat") }
        lengths += [Int](repeating: last, count: 3 + (try take(2)))
      case 17: lengths += [Int](repeating: 0, count: 3 + (try take(3)))
      default: lengths += [Int](repeating: 0, count: 11 + (try take(7)))
      }
    }
    guard lengths.count == literalCount + distanceCount else {
      throw GzipError(description: "too many code lengths")
    }
    return (
      HuffmanTable(lengths: Array(lengths[..<literalCount])),
      HuffmanTable(lengths: Array(lengths[literalCount...]))
    )
  }

  private mutating func expand(
    literals: HuffmanTable, distances: HuffmanTable
  ) throws(GzipError) {
    while true {
      let symbol = try symbol(literals)
      if symbol < 256 {
        output.append(UInt8(symbol))
      } else if symbol == 256 {
        return
      } else {
        guard symbol - 257 < Self.lengthBase.count else {
          throw GzipError(description: "an unknown length")
        }
        let length = Self.lengthBase[symbol - 257] + (try take(Self.lengthBits[symbol - 257]))
        let code = try self.symbol(distances)
        guard code < Self.distanceBase.count else {
          throw GzipError(description: "an unknown distance")
        }
        let distance = Self.distanceBase[code] + (try take(max(0, code / 2 - 1)))
        guard distance <= output.count else { throw GzipError(description: "too far back") }
        for _ in 0..<length { output.append(output[output.count - distance]) }
      }
    }
  }

  private static let lengthBase = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  ]
  private static let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBase = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577,
  ]
}

/// A canonical Huffman code: how many codes there are of each length, and their symbols in order.
private struct HuffmanTable {
  var counts = [Int](repeating: 0, count: 16)
  var symbols: [Int] = []

  init(lengths: [Int]) {
    for length in 1..<16 {
      let symbolsOfLength = lengths.indices.filter { lengths[$0] == length }
      counts[length] = symbolsOfLength.count
      symbols += symbolsOfLength
    }
  }

  static let fixedLiterals = HuffmanTable(
    lengths: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
  static let fixedDistances = HuffmanTable(lengths: [Int](repeating: 5, count: 30))
}
