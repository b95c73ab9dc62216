import CCSV

/// What libcsv finds in a text: the judge of our scanner.
///
/// Text is given to it line by line, so that the line of every row and of every error is known.
final class LibcsvRows {
  struct Row: Equatable {
    /// The line on which the row starts, counted from 1.
    let line: Int
    let cells: [[UInt8]]
  }

  private(set) var rows: [Row] = []
  /// Why libcsv does not read on, in our words and with the line.
  private(set) var problem: String?

  private var cells: [[UInt8]] = []
  private var rowLine = 1

  init(_ text: [UInt8], separator: UInt8) {
    var parser = csv_parser()
    precondition(csv_init(&parser, UInt8(CSV_STRICT | CSV_STRICT_FINI)) == 0)
    defer { csv_free(&parser) }
    csv_set_delim(&parser, separator)
    let context = Unmanaged.passUnretained(self).toOpaque()
    var line = 1
    var isInRow = false
    for bytes in Self.lines(text) {
      if !isInRow { rowLine = line }
      let rowCount = rows.count
      if csv_parse(&parser, bytes, bytes.count, Self.cellEnded, Self.rowEnded, context)
        != bytes.count
      {
        problem =
          "\(line): expected a quote to stand at a cell's start or end, or doubled inside a quoted cell"
        return
      }
      // Quotes may carry a row over several lines, and a line of spaces starts none.
      if rows.count > rowCount { isInRow = false }
      if !cells.isEmpty || parser.entry_pos > 0 || parser.quoted != 0 { isInRow = true }
      line += 1
    }
    if csv_fini(&parser, Self.cellEnded, Self.rowEnded, context) != 0 {
      problem = "\(rowLine): expected a closing quote, found the end of the file"
    }
  }

  /// The lines with their ends: LF, CR or both.
  private static func lines(_ text: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var line: [UInt8] = []
    for (index, byte) in text.enumerated() {
      line.append(byte)
      let isBoth = byte == 0x0d && index + 1 < text.count && text[index + 1] == 0x0a
      if byte == 0x0a || (byte == 0x0d && !isBoth) {
        lines.append(line)
        line = []
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  private static func rows(_ context: UnsafeMutableRawPointer?) -> LibcsvRows? {
    context.map { Unmanaged<LibcsvRows>.fromOpaque($0).takeUnretainedValue() }
  }

  private static let cellEnded:
    @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Void = {
      rows($2)?.cells.append(Array(UnsafeRawBufferPointer(start: $0, count: $0 == nil ? 0 : $1)))
    }

  private static let rowEnded: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = {
    guard let rows = rows($1) else { return }
    rows.rows.append(Row(line: rows.rowLine, cells: rows.cells))
    rows.cells = []
  }
}
