#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Damages files as a fuzzer does, from a seed.
public struct Mutator {
  /// How many mutants a test makes: as many as the variable MUTANTS says.
  public static func count(usually count: Int) -> Int {
    getenv("MUTANTS").flatMap { Int(String(cString: $0)) } ?? count
  }

  private var generator: SeededGenerator

  /// What parsers stumble over.
  private static let tokens =
    [
      "-1", "0", "1", "4", "255", "4294967296", "9223372036854775807", "9223372036854775808",
      "1e999",
      "-0.0", "1E5", "NaN", "null", "true", "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000",
      "\\ud83d\\ude00", "\\ud800", "{}", "[]", "F64", "I32", "U8", "\u{e9}",
    ].map { Array($0.utf8) }
    + [0, -1, .max, .min, 1, 5].map { (number: Int32) in
      withUnsafeBytes(of: number.littleEndian, Array.init)
    }
    + [Float.nan, .infinity, -.infinity, -1].map { number in
      withUnsafeBytes(of: number.bitPattern.littleEndian, Array.init)
    }
    + [Double.nan, .infinity, -1, 2, 1e308].map { number in
      withUnsafeBytes(of: number.bitPattern.littleEndian, Array.init)
    }

  public init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  /// A file with one to four changes.
  public mutating func mutant(of file: [UInt8], other: [UInt8]) -> [UInt8] {
    var bytes = file
    for _ in 0..<below(4) + 1 { change(&bytes, other) }
    return bytes
  }

  /// The same for a safetensors file, half of the time with a header length that fits again, so that
  /// what lies behind the first check is reached.
  public mutating func tensorFileMutant(of file: [UInt8], other: [UInt8]) -> [UInt8] {
    guard below(2) == 0, file.count > 8 else { return mutant(of: file, other: other) }
    let length = file[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let isHeader = below(2) == 0
    let header = Array(file[8..<8 + length])
    let data = Array(file[(8 + length)...])
    let newHeader = isHeader ? mutant(of: header, other: Array(other.dropFirst(8))) : header
    let newData = isHeader ? data : mutant(of: data, other: other)
    return withUnsafeBytes(of: UInt64(newHeader.count).littleEndian, Array.init) + newHeader
      + newData
  }

  private mutating func change(_ bytes: inout [UInt8], _ other: [UInt8]) {
    guard !bytes.isEmpty else {
      bytes = Self.tokens[below(Self.tokens.count)]
      return
    }
    let place = below(bytes.count)
    let end = min(bytes.count, place + 1 + below(below(8) == 0 ? bytes.count : 16))
    switch below(12) {
    case 0: bytes[place] ^= 1 << UInt8(below(8))
    case 1: bytes[place] = UInt8(below(256))
    case 2: bytes.removeSubrange(place..<end)
    case 3: bytes.insert(contentsOf: bytes[place..<end], at: below(bytes.count + 1))
    case 4: bytes.insert(contentsOf: Self.tokens[below(Self.tokens.count)], at: place)
    case 5:
      let token = Self.tokens[below(Self.tokens.count)]
      bytes.replaceSubrange(place..<min(bytes.count, place + token.count), with: token)
    case 6: bytes.removeLast(bytes.count - place)
    case 7:
      guard !other.isEmpty else { return }
      let start = below(other.count)
      bytes.insert(contentsOf: other[start..<min(other.count, start + 1 + below(40))], at: place)
    case 8: replaceNumber(&bytes, from: place)
    case 9: replaceNumber(&bytes, from: 0)
    case 10:
      // A blank more where there is one, which changes nothing in most formats.
      guard let blank = bytes[place...].firstIndex(of: 32) else { return }
      bytes.insert(32, at: blank)
    default:
      // A digit for a digit.
      guard let digit = bytes[place...].firstIndex(where: { 48...57 ~= $0 }) else { return }
      bytes[digit] = UInt8(48 + below(10))
    }
  }

  /// Puts another number, or what is none, in place of the first one from there on.
  private mutating func replaceNumber(_ bytes: inout [UInt8], from place: Int) {
    guard let start = bytes[place...].firstIndex(where: { 48...57 ~= $0 }) else { return }
    let end = bytes[start...].firstIndex { !(48...57 ~= $0 || $0 == 46) } ?? bytes.count
    bytes.replaceSubrange(start..<end, with: Self.values[below(Self.values.count)])
  }

  private static let values = [
    "0", "-1", "1", "2", "0.5", "-0.5", "1e308", "9223372036854775807", "-9223372036854775808",
    "4294967296", "null", "\"x\"", "[]", "{}", "true",
  ].map { Array($0.utf8) }

  private mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &generator) }
}
