extension DecimalNumber {
  /// Whether a word stands for infinity or for what is not a number.
  static func isNotFinite(_ word: String) -> Bool {
    var letters = word.lowercased()[...]
    if let sign = letters.first, "+-".contains(sign) { letters.removeFirst() }
    return ["nan", "inf", "infinity"].contains(letters)
  }

  /// Whether a word is a number but for a comma in place of the point, such as `-3,14`.
  static func hasDecimalComma(_ word: String) -> Bool {
    guard word.utf8.count(where: { $0 == UInt8(ascii: ",") }) == 1 else { return false }
    return value(of: word.replacing(",", with: ".")) != nil
  }
}
