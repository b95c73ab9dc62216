#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Reading decimal numbers.
package enum DecimalNumber {
  static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The finite number in `bytes`, such as `-1`, `.5`, `61.50` or `1e-3`, correctly rounded, with or without
  /// spaces around it; `nil` for anything else.
  ///
  /// - Precondition: the byte after them is not part of a number.
  static func value(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    guard var text = bytes.baseAddress else { return nil }
    var count = bytes.count
    while count > 0, text[count - 1] == UInt8(ascii: " ") { count -= 1 }
    while count > 0, text[0] == UInt8(ascii: " ") {
      text += 1
      count -= 1
    }
    guard count > 0 else { return nil }
    var index = 0
    let isNegative = text[0] == UInt8(ascii: "-")
    if isNegative || text[0] == UInt8(ascii: "+") { index = 1 }
    var digits: UInt64 = 0
    var digitCount = 0
    var exponent = 0
    var isFraction = false
    scan: while index < count {
      let byte = text[index]
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits = digits &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
        digitCount += 1
        if isFraction { exponent -= 1 }
      case UInt8(ascii: ".") where !isFraction: isFraction = true
      default: break scan
      }
      index += 1
    }
    guard digitCount > 0 else { return nil }
    if index < count {
      guard text[index] | 0x20 == UInt8(ascii: "e"),
        let power = wholeNumber(text + index + 1, count: count - index - 1)
      else { return nil }
      exponent += power
    }
    // Up to 2⁵³ and 10²² both operands are exact, so there is one rounding.
    if digitCount <= 18, digits <= 1 << 53, abs(exponent) <= 22 {
      let power = powersOfTen[abs(exponent)]
      let magnitude = exponent < 0 ? Double(digits) / power : Double(digits) * power
      return isNegative ? -magnitude : magnitude
    }
    let value = strtod(UnsafeRawPointer(text).assumingMemoryBound(to: CChar.self), nil)
    return value.isFinite ? value : nil
  }

  /// The finite number in a text, as above.
  package static func value(of text: String) -> Double? {
    let bytes = Array(text.utf8) + [0]
    return bytes.withUnsafeBufferPointer { value(UnsafeBufferPointer(rebasing: $0.dropLast())) }
  }

  /// A signed whole number of at most five digits.
  private static func wholeNumber(_ text: UnsafePointer<UInt8>, count: Int) -> Int? {
    var index = 0
    let isNegative = count > 0 && text[0] == UInt8(ascii: "-")
    if isNegative || (count > 0 && text[0] == UInt8(ascii: "+")) { index = 1 }
    guard index < count, count - index <= 5 else { return nil }
    var value = 0
    while index < count {
      guard text[index] >= UInt8(ascii: "0"), text[index] <= UInt8(ascii: "9") else { return nil }
      value = value * 10 + Int(text[index] - UInt8(ascii: "0"))
      index += 1
    }
    return isNegative ? -value : value
  }
}
