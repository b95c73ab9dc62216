/// How a file is written, as far as it is not found by itself.
public struct CSVFormat: Codable, Hashable, Sendable {
  /// Whether the first row names the columns; without names they are `column_1`, `column_2` and so on.
  public var hasHeader: Bool
  /// `nil` to find it in the first rows.
  public var separator: CSVSeparator?
  /// `nil` for UTF-8.
  public var encoding: TextEncoding?

  public init(
    hasHeader: Bool = true, separator: CSVSeparator? = nil, encoding: TextEncoding? = nil
  ) {
    self.hasHeader = hasHeader
    self.separator = separator
    self.encoding = encoding
  }

  /// A format with what options say of it besides.
  ///
  /// - Parameter format: `nil` where nothing was said of it before.
  /// - Returns: `nil` where it is the usual one.
  public static func changing(
    _ format: CSVFormat?, hasNoHeader: Bool, separator: CSVSeparator?, encoding: TextEncoding?
  ) -> CSVFormat? {
    var new = format ?? CSVFormat()
    if hasNoHeader { new.hasHeader = false }
    new.separator = separator ?? new.separator
    new.encoding = encoding ?? new.encoding
    return new == CSVFormat() ? nil : new
  }

  private enum CodingKeys: String, CodingKey {
    case separator, encoding
    case hasHeader = "header"
  }
}

/// What stands between the cells of a row.
public enum CSVSeparator: String, CaseIterable, Codable, Hashable, Sendable {
  // In the order in which they are looked for: a comma may also stand before decimals.
  case tab
  case semicolon = ";"
  case bar = "|"
  case comma = ","
  /// Runs of spaces and tabs; they are read as tabs with spaces around them.
  case space

  var byte: UInt8 {
    switch self {
    case .tab: UInt8(ascii: "\t")
    case .space: UInt8(ascii: " ")
    default: rawValue.utf8.first ?? 0
    }
  }
}
