/// What stands before the decimals of a number, and between its thousands.
public enum DecimalMark: String, CaseIterable, Codable, Hashable, Sendable {
  case point = "."
  /// Points, blanks or no-break blanks may stand between thousands: `1.071,09`.
  case comma = ","
  /// `1,071.09`.
  case pointAfterCommas = ",."
  case pointAfterApostrophes = "'."
  /// Also no-break blanks.
  case pointAfterBlanks = " ."

  /// Those that read a decimal point and separators of thousands.
  static let groupings = [pointAfterCommas, pointAfterApostrophes, pointAfterBlanks]

  /// Reads what `--decimal` says.
  public init(decimal text: String) throws(DatasetError) {
    self = try Self.mark(text, among: [.point, .comma], \.decimal)
  }

  /// Reads what `--thousands` says.
  public init(thousands text: String) throws(DatasetError) {
    self = try Self.mark(text, among: Self.groupings, \.thousands)
  }

  /// Refuses what `--decimal` and `--thousands` must not say together.
  public static func check(decimal: DecimalMark?, thousands: DecimalMark?) throws(DatasetError) {
    if decimal == .comma, thousands != nil {
      throw DatasetError(
        .badRequest, "--decimal , reads points and blanks between thousands by itself.")
    }
  }

  private static func mark(
    _ text: String, among marks: [DecimalMark], _ name: (DecimalMark) -> String?
  ) throws(DatasetError) -> DecimalMark {
    if let mark = marks.first(where: { name($0) == text }) { return mark }
    throw DatasetError(
      .badRequest, "expected one of \(marks.compactMap(name).joined(separator: " "))")
  }

  /// What `--decimal` and `--thousands` say.
  public var decimal: String { String(rawValue.suffix(1)) }
  public var thousands: String? {
    rawValue.count == 1 ? nil : self == .pointAfterBlanks ? "space" : String(rawValue.prefix(1))
  }

  /// The finite number in a text; `nil` for anything else.
  package func number(in text: String) -> Double? {
    switch self {
    case .point: DecimalNumber.value(of: text)
    case .comma: GroupedNumber.value(of: text, decimalMark: ",", separators: ".\(Self.blanks)")
    case .pointAfterCommas: GroupedNumber.value(of: text, decimalMark: ".", separators: ",")
    case .pointAfterApostrophes:
      GroupedNumber.value(of: text, decimalMark: ".", separators: "'\u{2019}")
    case .pointAfterBlanks:
      GroupedNumber.value(of: text, decimalMark: ".", separators: Self.blanks)
    }
  }

  /// Words that mean a missing value, with those that are numbers also as a model has them, which reads a point.
  func modelWords(_ words: [String]) -> [String] {
    words.reduce(into: words) { all, word in
      guard let number = number(in: word), DecimalNumber.value(of: word) != number else { return }
      if !all.containsBytes(of: "\(number)") { all.append("\(number)") }
    }
  }

  /// A model's words, with those that are numbers as a table with this mark writes them.
  package func tableWords(_ words: [String]) -> [String] {
    guard self == .comma else { return words }
    return words.map {
      DecimalNumber.value(of: $0) == nil ? $0 : $0.replacing(".", with: ",")
    }
  }

  private static let blanks = " \u{a0}\u{2009}\u{202f}"

  package func number(in cell: CSVCell) -> Double? {
    self == .point ? cell.number : number(in: cell.text)
  }
}
