extension DecimalNumber {
  /// Whether a word means infinity or NaN.
  static func isNotFinite(_ word: String) -> Bool {
    var letters = word.lowercased()[...]
    if let sign = letters.first, "+-".contains(sign) { letters.removeFirst() }
    return ["nan", "inf", "infinity"].contains(letters)
  }

  /// Whether a word is a number with a decimal comma, such as `-3,14`.
  static func hasDecimalComma(_ word: String) -> Bool {
    guard word.utf8.count(where: { $0 == UInt8(ascii: ",") }) == 1 else { return false }
    return value(of: word.replacing(",", with: ".")) != nil
  }
}
