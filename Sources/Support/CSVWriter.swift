/// Writes the rows of a CSV file, after RFC 4180 but for its line ends, which are `\n`.
///
///     var table = CSVWriter()
///     table.row(["row", "class"])
///     table.cell(1)
///     table.cell("fair, or good")
///     table.endRow()
///     table.bytes   // row,class⏎1,"fair, or good"⏎
public struct CSVWriter: Sendable {
  /// What was written. Bytes are appended several times faster than a `String` grows by interpolation.
  public private(set) var bytes: [UInt8] = []
  private var isInRow = false

  /// - Parameter capacity: the number of bytes that there will probably be.
  public init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  public mutating func cell(_ text: String) { cell(prepared: Self.cell(text)) }

  /// Writes what ``cell(_:separator:)`` returned for a text that comes again and again.
  public mutating func cell(prepared cell: [UInt8]) {
    beginCell()
    bytes += cell
  }

  public mutating func cell(_ number: Int) {
    beginCell()
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = number.magnitude
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  /// Writes the shortest decimal that reads back to the same bits.
  public mutating func cell(_ number: Double) {
    beginCell()
    bytes += number.description.utf8
  }

  public mutating func endRow() {
    bytes.append(UInt8(ascii: "\n"))
    isInRow = false
  }

  public mutating func row(_ cells: [String]) {
    for text in cells { cell(text) }
    endRow()
  }

  private mutating func beginCell() {
    if isInRow { bytes.append(UInt8(ascii: ",")) }
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
