extension DecimalNumber {
  /// Whether a word means infinity or NaN.
  static func isNotFinite(_ word: String) -> Bool {
    // The longest is "-infinity".
    guard word.utf8.count <= 9 else { return false }
    var letters = word.lowercased()[...]
    if let sign = letters.first, "+-".contains(sign) { letters.removeFirst() }
    return ["nan", "inf", "infinity"].contains(letters)
  }
}
