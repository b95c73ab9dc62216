/// The first row of a CSV file, which names the columns.
struct CSVHeader {
  /// How the file is written.
  let grammar: CSVGrammar
  /// The columns' names, all different.
  let names: [String]
  /// The names as they stand in the file; none where it has no such row.
  let written: [String]
  /// The ranges of the row's bytes and of the first line end.
  let row: Range<Int>
  let lineEnd: Range<Int>
  /// Whether only the other columns are named in the file, as R writes its row names.
  let isRowNameMissing: Bool
  /// Where the rows of data start, and on which line, counted from 1.
  let bodyStart: Int
  let nextLine: Int

  /// Whether the first column may be that of row numbers, which many programs write.
  var isFirstUnnamed: Bool { written.first == "" && written.count > 1 }

  /// Whether blanks separate cells, so that every row needs ``Swift/Array/separateByTabs()``.
  let isBlankSeparated: Bool

  /// - Parameter file: the start of a file with the complete header, followed by ``CSVGrammar/padding``. Where blanks
  ///   separate its cells, they become tabs.
  init(_ file: inout [UInt8], _ format: CSVFormat = CSVFormat()) throws(CSVError) {
    let first = file.withUnsafeBufferPointer {
      FirstRows(UnsafeBufferPointer(rebasing: $0.dropLast(CSVGrammar.padding.count)), format)
    }
    if first.separator == .space { file.separateByTabs() }
    self = try file.withUnsafeBufferPointer { bytes throws(CSVError) in
      try CSVHeader(
        UnsafeBufferPointer(rebasing: bytes.dropLast(CSVGrammar.padding.count)), first, format)
    }
  }

  private init(
    _ bytes: UnsafeBufferPointer<UInt8>, _ first: FirstRows, _ format: CSVFormat
  ) throws(CSVError) {
    if bytes.isEmpty {
      throw CSVError(line: 1, problem: "expected a line of column names, found an empty file")
    }
    isBlankSeparated = first.separator == .space
    grammar = CSVGrammar(separator: (isBlankSeparated ? .tab : first.separator).byte)
    var scanner = CSVScanner(
      UnsafeBufferPointer(rebasing: bytes[first.start...]), grammar, line: first.line)
    var cells = RowCells()
    let start = scanner.rowStart - first.start
    var failure: CSVError?
    do throws(CSVError) {
      if try !scanner.readRow(into: &cells) {
        failure = CSVError(line: 1, problem: "expected a line of column names")
      }
    } catch {
      failure = error
    }
    let read = UnsafeBufferPointer(start: start, count: scanner.position - start)
    if let flaw = read.textFlaw(firstLine: 1) ?? failure { throw flaw }
    let row = scanner.rowStart - start..<scanner.rowEnd - start
    lineEnd = scanner.rowEnd - start..<scanner.position - start
    isRowNameMissing = format.hasHeader && first.surplus == 1
    if format.hasHeader {
      written = (isRowNameMissing ? [""] : []) + cells.all.map(\.text)
      names = Self.distinct(written)
      (self.row, bodyStart, nextLine) = (row, lineEnd.upperBound, scanner.line)
    } else {
      written = []
      names = (1...cells.all.count).map { "column_\($0)" }
      (self.row, bodyStart, nextLine) = (
        row.lowerBound..<row.lowerBound, row.lowerBound, scanner.rowLine
      )
    }
  }

  /// Different names, made as pandas makes them: a second `a` is `a.1`, and the unnamed fourth column `Unnamed: 3`.
  private static func distinct(_ written: [String]) -> [String] {
    var names = written.enumerated().map { $1.isEmpty ? "Unnamed: \($0)" : $1 }
    var counts: [[UInt8]: Int] = [:]
    let places = names.indices.filter { !written[$0].isEmpty }
    for place in places + names.indices.filter({ written[$0].isEmpty }) {
      let first = Array(names[place].utf8)
      var (name, count) = (names[place], counts[first] ?? 0)
      while count > 0 {
        counts[first] = count + 1
        name = "\(names[place]).\(count)"
        count = names.containsBytes(of: name) ? count + 1 : counts[Array(name.utf8)] ?? 0
      }
      names[place] = name
      counts[Array(name.utf8)] = count + 1
    }
    return names
  }

  /// How names were made, as far as it may surprise; not that of an unnamed first column.
  var notices: [String] {
    let made = zip(written, names).enumerated().filter { !$1.0.hasBytes(of: $1.1) }
    let unnamed = made.filter { $1.0.isEmpty && ($0 > 0 || !isFirstUnnamed) }.map(\.element.1)
    let repeated = made.filter { !$1.0.isEmpty }.map(\.element.1)
    return [
      ("Columns without a name are called", unnamed),
      ("Columns with a name that an earlier one has are called", repeated),
    ].filter { !$0.1.isEmpty }.map { "\($0): \($1.listed())" }
  }

  /// Whether most names are values of their columns: numbers, unless they are in order, as wavelengths are, or words.
  func looksLikeData(of columns: [CSVColumn]) -> Bool {
    guard !written.isEmpty else { return false }
    var (numbers, wordCount) = ([Double](), 0)
    for (name, column) in zip(written, columns) {
      if column.isNumeric {
        DecimalNumber.value(of: name).map { numbers.append($0) }
      } else if column.words.containsBytes(of: name) {
        wordCount += 1
      }
    }
    let steps = zip(numbers, numbers.dropFirst())
    let isOrdered = steps.allSatisfy { $0 < $1 } || steps.allSatisfy { $0 > $1 }
    return 2 * (numbers.count + wordCount) > columns.count && (wordCount > 0 || !isOrdered)
  }
}
