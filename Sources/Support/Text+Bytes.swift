extension StringProtocol {
  /// Whether a text has the same bytes: `==` takes "é" in one code point and in two for one text, other programs
  /// take it for two.
  public func hasBytes(of other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension Sequence where Element: StringProtocol {
  /// Whether one of the texts has the bytes of a text.
  public func containsBytes(of text: some StringProtocol) -> Bool {
    contains { $0.hasBytes(of: text) }
  }
}
