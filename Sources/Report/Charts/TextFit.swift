/// Fitting texts into drawings, where no font can be measured.
enum TextFit {
  /// About how wide a text is in a proportional font of that size.
  static func width(_ text: String, size: Double) -> Double {
    var width = 0.0
    for character in text.unicodeScalars {
      switch character {
      case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!", " ", "(", ")", "t", "f", "r", "-":
        width += 0.34
      case "m", "w", "M", "W", "%", "@": width += 0.88
      case "A"..."Z", "_", "&": width += 0.68
      default: width += character.value > 0x2e80 ? 1 : 0.56
      }
    }
    // Some system fonts run wider than others; this is about the widest.
    return width * size * 1.07
  }

  /// About how wide the longest of some texts is, at most `limit`.
  static func width(ofLongest texts: [String], size: Double = 12, limit: Double = .infinity)
    -> Double
  {
    min(limit, texts.map { width($0, size: size) }.max() ?? 0)
  }

  /// The text, or its beginning and an ellipsis where it would be too wide.
  static func shortened(_ text: String, width limit: Double, size: Double) -> String {
    guard width(text, size: size) > limit else { return text }
    var kept = text
    while !kept.isEmpty, width(kept + "…", size: size) > limit { kept.removeLast() }
    while kept.hasSuffix(" ") { kept.removeLast() }
    return kept + "…"
  }
}
