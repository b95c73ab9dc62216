/// Fitting texts into drawings, where no font can be measured.
enum TextFit {
  // Some system fonts run wider than others; this is about the widest.
  private static let widest = 1.07

  /// About how wide a text is in a proportional font of that size.
  static func width(_ text: String, size: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + width(of: $1) } * size * widest
  }

  /// About how wide a character is where an M is 0.88 wide.
  private static func width(of character: Unicode.Scalar) -> Double {
    switch character {
    case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!", " ", "(", ")", "t", "f", "r", "-":
      0.34
    case "m", "w", "M", "W", "%", "@": 0.88
    case "A"..."Z", "_", "&": 0.68
    default: character.value > 0x2e80 ? 1 : 0.56
    }
  }

  /// About how wide the longest of some texts is, at most `limit`.
  static func width(ofLongest texts: [String], size: Double = 12, limit: Double = .infinity)
    -> Double
  {
    min(limit, texts.map { width($0, size: size) }.max() ?? 0)
  }

  /// The text, or its beginning and an ellipsis where it would be too wide.
  static func shortened(_ text: String, width limit: Double, size: Double) -> String {
    var width = 0.0
    var end = text.startIndex
    // No more is looked at than fits: a name may have megabytes.
    for index in text.indices {
      for scalar in text[index].unicodeScalars { width += Self.width(of: scalar) }
      if (width + Self.width(of: "…")) * size * widest <= limit { end = text.index(after: index) }
      guard width * size * widest > limit else { continue }
      var kept = text[..<end]
      while kept.hasSuffix(" ") { kept.removeLast() }
      return String(kept) + "…"
    }
    return text
  }
}
