import Templates

/// What all pages have in common: the values of their frame.
enum PageFrame {
  /// - Parameters:
  ///   - current: the address among those on top that the page is about.
  ///   - foot: what stands at the end, in pieces that are separated by points.
  static func piece(
    title: String, current: String? = nil, foot: [String] = [], isWide: Bool = false
  ) -> Piece {
    let links = [("/", "Predict"), ("/monitor", "Monitor"), ("/docs", "API")]
    return Piece([
      "title": title,
      "links": links.map { address, name in
        Piece(["address": address, "name": name, "isCurrent": address == current])
      },
      "width": isWide ? "wide" : "narrow",
      "foot": foot.isEmpty ? nil : foot.joined(separator: " · "),
    ])
  }

  /// The drawing on top of each page as a file, for the browser's tab.
  static let icon = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#2b7fc3" \
    stroke-width="1.6" stroke-linejoin="round"><path d="M6 3h12l4 6-10 12L2 9z" fill="#d8ecfb"/>\
    <path d="M2 9h20M9 9l3 12 3-12M6 3l3 6 3-6 3 6 3-6"/></svg>

    """
}
