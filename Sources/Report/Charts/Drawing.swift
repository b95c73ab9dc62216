import Templates

/// A chart: values that know how to draw themselves.
public protocol Chart: Sendable {
  /// What it shows, in a few words.
  var title: String { get }
  /// What a person who cannot see it needs to know.
  var summary: String { get }
  var size: (width: Double, height: Double) { get }
  /// The drawing's parts, in a space that begins at 0, 0 in the upper left corner.
  var parts: [Piece] { get }
}

extension Chart {
  /// The chart as an SVG image with its title and description.
  ///
  /// - Parameter id: a name that nothing else on the page has.
  func drawing(id: String) -> Piece {
    let c = NumberText.coordinate
    return Piece(
      .drawing,
      [
        "id": id, "width": c(size.width), "height": c(size.height),
        // Wider than that its letters would be larger than the page's own.
        "largestWidth": c((size.width * 1.25).rounded()), "title": title, "summary": summary,
        "parts": parts,
      ])
  }
}

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

  /// The text, or its beginning and an ellipsis where it would be too wide.
  static func shortened(_ text: String, width limit: Double, size: Double) -> String {
    guard width(text, size: size) > limit else { return text }
    var kept = text
    while !kept.isEmpty, width(kept + "…", size: size) > limit { kept.removeLast() }
    while kept.hasSuffix(" ") { kept.removeLast() }
    return kept + "…"
  }
}
