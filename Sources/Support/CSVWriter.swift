/// Writes the rows of a CSV file, after RFC 4180 but for its line ends, which are `\n`.
///
///     var table = CSVWriter()
///     table.row(["row", "class"])
///     table.cell(1)
///     table.cell("fair, or good")
///     table.endRow()
///     table.bytes   // row,class⏎1,"fair, or good"⏎
public struct CSVWriter: Sendable {
  private var text: ByteText
  private var isInRow = false

  /// - Parameter capacity: the number of bytes that there will probably be.
  public init(capacity: Int = 0) { text = ByteText(capacity: capacity) }

  /// What was written.
  public var bytes: [UInt8] { text.bytes }

  public mutating func cell(_ text: String) { cell(prepared: Self.cell(text)) }

  /// Writes what ``cell(_:separator:)`` returned for a text that comes again and again.
  public mutating func cell(prepared cell: [UInt8]) {
    beginCell()
    text.append(cell)
  }

  public mutating func cell(_ number: Int) {
    beginCell()
    text.append(number)
  }

  /// Writes the shortest decimal that reads back to the same bits.
  public mutating func cell(_ number: Double) {
    beginCell()
    text.append(number)
  }

  public mutating func endRow() {
    text.append("\n")
    isInRow = false
  }

  public mutating func row(_ cells: [String]) {
    for text in cells { cell(text) }
    endRow()
  }

  private mutating func beginCell() {
    if isInRow { text.append(",") }
    isInRow = true
  }

  /// A row of texts with its line end.
  public static func row(_ cells: [String]) -> String {
    cells.map { String(decoding: cell($0), as: UTF8.self) }.joined(separator: ",") + "\n"
  }

  /// The bytes of a cell, in quotes where it needs them: where it has a separator, a quote or a line end
  /// in it, or a space or tab at one of its ends, which readers such as ours drop.
  public static func cell(_ text: String, separator: UInt8 = UInt8(ascii: ",")) -> [UInt8] {
    let quote = UInt8(ascii: "\"")
    let utf8 = text.utf8
    let spaces = [UInt8(ascii: " "), UInt8(ascii: "\t")]
    let needsQuotes =
      [utf8.first, utf8.last].contains { end in spaces.contains { $0 == end } }
      || utf8.contains {
        $0 == separator || $0 == quote || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r")
      }
    guard needsQuotes else { return Array(utf8) }
    return [quote] + utf8.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
  }
}
