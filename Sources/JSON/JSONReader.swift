#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Reads JSON value by value, as the caller expects them.
///
/// No tree is built, and nothing is read that was not asked for, so input decides neither how deep the
/// reader goes nor how much memory it takes. The grammar is that of RFC 8259, strictly; a name that
/// stands twice in an object is refused.
public struct JSONReader {
  private let bytes: [UInt8]
  /// The next byte to be read, counted from 0.
  public private(set) var position = 0

  public init(_ bytes: [UInt8]) { self.bytes = bytes }
  public init(_ text: String) { self.init(Array(text.utf8)) }

  /// Calls `member` with every name of an object; it must read the value.
  public mutating func object(
    _ member: (_ name: String, _ reader: inout JSONReader) throws(JSONError) -> Void
  ) throws(JSONError) {
    try expect(UInt8(ascii: "{"), "an object")
    if skip(UInt8(ascii: "}")) { return }
    var names = MemberNames()
    repeat {
      let start = position
      let name = try string()
      guard names.insert(name) else {
        throw JSONError(position: start, problem: "\(Self.quoted(name)) stands there twice")
      }
      try expect(UInt8(ascii: ":"), "a colon")
      try member(name, &self)
    } while skip(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"), "a comma or the end of the object")
  }

  /// Calls `element` for every element of an array; it must read the value.
  public mutating func array(
    _ element: (inout JSONReader) throws(JSONError) -> Void
  ) throws(JSONError) {
    try expect(UInt8(ascii: "["), "an array")
    if skip(UInt8(ascii: "]")) { return }
    repeat { try element(&self) } while skip(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"), "a comma or the end of the array")
  }

  /// The elements of an array, each read by `element`.
  public mutating func list<Element>(
    _ element: (inout JSONReader) throws(JSONError) -> Element
  ) throws(JSONError) -> [Element] {
    var elements: [Element] = []
    try array { reader throws(JSONError) in elements.append(try element(&reader)) }
    return elements
  }

  public mutating func string() throws(JSONError) -> String {
    try expect(UInt8(ascii: "\""), "a string")
    let start = position
    var bits: UInt8 = 0
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] == UInt8(ascii: "\\") { return try escapedString(from: start) }
      guard bytes[position] >= 0x20 else { throw error("a control character in a string") }
      bits |= bytes[position]
      position += 1
    }
    guard position < bytes.count else { throw error("the string does not end") }
    defer { position += 1 }
    guard bits < 0x80 else { return try text(bytes[start..<position], at: start) }
    // ASCII needs no check, which would take as long as all the rest.
    return bytes.withUnsafeBufferPointer {
      String(decoding: UnsafeBufferPointer(rebasing: $0[start..<position]), as: UTF8.self)
    }
  }

  /// A whole number, written without point and exponent.
  public mutating func integer() throws(JSONError) -> Int {
    let start = position
    let text = try number()
    guard let value = Int(text) else {
      throw JSONError(position: start, problem: "expected a whole number, found \(text)")
    }
    return value
  }

  /// A finite number.
  public mutating func real() throws(JSONError) -> Double {
    if let value = shortDecimal() { return value }
    let start = position
    let text = try number()
    guard let value = Double(text), value.isFinite else {
      throw JSONError(position: start, problem: "\(text) is beyond 64-bit numbers")
    }
    return value
  }

  /// A number of at most 15 digits without an exponent, such as nearly all are; else `nil`, and nothing is
  /// read.
  ///
  /// The digits and the power of ten are exact, so that the division's rounding is the only one.
  private mutating func shortDecimal() -> Double? {
    skipSpace()
    let isNegative = byte == UInt8(ascii: "-")
    let first = isNegative ? position + 1 : position
    var index = first
    var (digits, digitCount, power) = (0, 0, 1.0)
    func digit() -> Int? {
      guard index < bytes.count, case let digit = bytes[index] &- UInt8(ascii: "0"), digit < 10
      else { return nil }
      return Int(digit)
    }
    while digitCount < 16, let next = digit() {
      digits = digits * 10 + next
      digitCount += 1
      index += 1
    }
    guard digitCount > 0, digitCount == 1 || bytes[first] != UInt8(ascii: "0") else { return nil }
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      let wholeCount = digitCount
      index += 1
      while digitCount < 16, let next = digit() {
        digits = digits * 10 + next
        power *= 10
        digitCount += 1
        index += 1
      }
      guard digitCount > wholeCount else { return nil }
    }
    guard digitCount <= 15, index == bytes.count || bytes[index] | 0x20 != UInt8(ascii: "e") else {
      return nil
    }
    position = index
    let value = Double(digits) / power
    return isNegative ? -value : value
  }

  /// A number's text.
  public mutating func number() throws(JSONError) -> String {
    skipSpace()
    let start = position
    if byte == UInt8(ascii: "-") { position += 1 }
    if let byte, Self.isLetter(byte) {
      position = start
      if let foreign = foreignWord() { throw error(foreign) }
    }
    if byte == UInt8(ascii: "0") { position += 1 } else { try digits() }
    if byte == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if let byte, byte | 0x20 == UInt8(ascii: "e") {
      position += 1
      if self.byte == UInt8(ascii: "+") || self.byte == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    guard position - start <= 64 else {
      throw JSONError(position: start, problem: "a number of \(position - start) characters")
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Whether the next value is the word, which is then read: `null`, `true` or `false`.
  public mutating func word(_ word: StaticString) -> Bool {
    skipSpace()
    let count = word.utf8CodeUnitCount
    guard bytes.count - position >= count else { return false }
    for index in 0..<count where bytes[position + index] != word.utf8Start[index] { return false }
    position += count
    return true
  }

  /// The next value's first byte, `nil` at the end.
  public mutating func peek() -> UInt8? {
    skipSpace()
    return byte
  }

  /// Checks that nothing but white space follows.
  public mutating func finish() throws(JSONError) {
    skipSpace()
    guard position == bytes.count else { throw error("text after the end") }
  }

  /// An error about what was just read.
  public func error(_ problem: String) -> JSONError {
    JSONError(position: position, problem: problem)
  }

  /// A name for an error message: in quotes, without control characters, and not long.
  public static func quoted(_ text: String) -> String {
    let shown = text.unicodeScalars.prefix(60).map {
      $0.value < 0x20 || $0.value == 0x7f ? "?" : $0
    }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: shown)
    return "\"" + String(result) + (text.unicodeScalars.count > 60 ? "…\"" : "\"")
  }

  private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
  }

  /// Whether the byte comes next, which is then read.
  private mutating func skip(_ wanted: UInt8) -> Bool {
    skipSpace()
    guard byte == wanted else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ wanted: UInt8, _ meaning: String) throws(JSONError) {
    guard skip(wanted) else {
      throw error(
        position < bytes.count ? "expected \(meaning)" : "expected \(meaning), found the end")
    }
  }

  /// What is wrong with the next word, where it is a value that other languages write into JSON.
  func foreignWord() -> String? {
    let word = String(
      decoding: bytes[position...].prefix(10).prefix {
        $0 == UInt8(ascii: "-") || Self.isLetter($0)
      }, as: UTF8.self)
    switch word {
    case "NaN", "nan", "-NaN", "None", "undefined", "NA", "NULL", "Null":
      return "found \(word), which is no JSON; a missing value is null"
    case "Infinity", "-Infinity", "inf", "-inf": return "found \(word), which is no JSON"
    case "True", "False": return "found \(word), which is no JSON; write \(word.lowercased())"
    default: return nil
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while let byte, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    guard position > start else { throw error("expected a number") }
  }

  private func text(_ slice: ArraySlice<UInt8>, at start: Int) throws(JSONError) -> String {
    guard let text = String(validating: slice, as: UTF8.self) else {
      throw JSONError(position: start, problem: "a string that is not UTF-8")
    }
    return text
  }

  /// The string that started at `start` and has an escape at the current position.
  private mutating func escapedString(from start: Int) throws(JSONError) -> String {
    var result = Array(bytes[start..<position])
    while let byte, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw error("a control character in a string") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        try escape(into: &result)
      } else {
        result.append(byte)
      }
    }
    guard position < bytes.count else { throw error("the string does not end") }
    position += 1
    return try text(result[...], at: start)
  }

  private mutating func escape(into result: inout [UInt8]) throws(JSONError) {
    guard let letter = byte else { throw error("the string does not end") }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(letter)
    case UInt8(ascii: "b"): result.append(0x08)
    case UInt8(ascii: "f"): result.append(0x0c)
    case UInt8(ascii: "n"): result.append(0x0a)
    case UInt8(ascii: "r"): result.append(0x0d)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "u"):
      var unit = try hexadecimalUnit()
      if unit & 0xfc00 == 0xd800, byte(at: position) == UInt8(ascii: "\\"),
        byte(at: position + 1) == UInt8(ascii: "u")
      {
        position += 2
        let low = try hexadecimalUnit()
        guard low & 0xfc00 == 0xdc00 else { throw error("half of a surrogate pair") }
        unit = 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff)
      }
      guard let scalar = Unicode.Scalar(unit) else { throw error("half of a surrogate pair") }
      result.append(contentsOf: Array(String(Character(scalar)).utf8))
    default: throw error("an unknown escape in a string")
    }
  }

  private func byte(at index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func hexadecimalUnit() throws(JSONError) -> UInt32 {
    guard bytes.count - position >= 4,
      bytes[position..<position + 4].allSatisfy({ isxdigit(Int32($0)) != 0 }),
      let unit = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw error("expected four hexadecimal digits") }
    position += 4
    return unit
  }
}

/// The names of an object's members, to find one that stands there twice, byte for byte.
private struct MemberNames {
  private var few: [String] = []
  private var many: Set<[UInt8]> = []

  /// Whether the name was not there before.
  mutating func insert(_ name: String) -> Bool {
    if !many.isEmpty { return many.insert(Array(name.utf8)).inserted }
    // Comparing with some short names takes less time than hashing one.
    guard !few.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else { return false }
    few.append(name)
    if few.count > 16 { many = Set(few.map { Array($0.utf8) }) }
    return true
  }
}
