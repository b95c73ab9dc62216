import Support

/// What is wrong with the cells of a column, and what to do about it.
extension Preprocessing {
  /// Refuses numbers in a form that is not read, which must not become names unless that is asked for.
  func checkNumbers(_ column: CSVColumn, of table: CSVTable) throws(DatasetError) {
    guard let found = column.unreadNumber else { return }
    throw DatasetError(
      .badData,
      "\(table.fileName):\(found.line): column \"\(column.name)\": expected a number in the form "
        + "1071\(decimalMark.decimal)09, found \"\(found.text)\"; "
        + (found.grouping?.thousands.map { "read thousands with --thousands \($0) or " } ?? "")
        + (found.isReadWithDecimalComma ? "read decimal commas with --decimal , or " : "")
        + "correct the cells, or treat the column as categories with --categorical "
        + "\"\(column.name)\"")
  }

  func check(_ column: CSVColumn, of table: CSVTable) throws(DatasetError) {
    if !categorical.containsBytes(of: column.name) { try checkNumbers(column, of: table) }
    if missing == .error, let row = column.firstMissingRow {
      let word = column.isNumeric ? column.missingText : column.words[Int(column.wordNumbers[row])]
      throw DatasetError(
        .badData,
        "\(table.fileName):\(table.line(ofRow: row)): column \"\(column.name)\": expected a value, found "
          + (MissingWord.isBlank(word.utf8)
            ? "an empty cell" : "\"\(word)\", which means a missing one")
          + "; correct the cell, or choose another way with --missing impute, native or drop-rows")
    }
    func fail(_ place: String, _ expected: String, _ found: String) -> DatasetError {
      DatasetError(
        .badData,
        "\(place): column \"\(column.name)\": expected \(expected), found "
          + "\"\(found)\"; " + advice(on: found, amongNumbers: expected != "text", in: column.name))
    }
    if let odd = column.odd { throw fail("\(table.fileName):\(odd.line)", odd.expected, odd.text) }
    // A column of nothing but these is not a column of categories, unless it is named as one.
    guard !column.isNumeric, !column.isForcedText else { return }
    for (number, word) in column.words.enumerated()
    where DecimalNumber.isNotFinite(word) && !MissingWord.contains(word) {
      throw fail(table.place(ofWord: number, in: column), "a finite number or a category", word)
    }
  }

  /// What to do about a cell that is of another kind than its column.
  ///
  /// Categories are no way out where a word means a missing or an infinite number: measurements would become names.
  private func advice(on found: String, amongNumbers: Bool, in column: String) -> String {
    let asMissing = "call it missing with --missing-values \"\(found)\""
    let asCategories = "treat the column as categories with --categorical \"\(column)\""
    if !amongNumbers { return "correct the cell, or \(asCategories)" }
    if MissingWord.isLikely(found) || DecimalNumber.isNotFinite(found) {
      return "correct the cell, or \(asMissing)"
    }
    return "correct the cell, \(asMissing), or \(asCategories)"
  }

  /// Refuses a column without any value in the rows that are learnt from.
  func checkHasValues(
    _ column: CSVColumn, of table: CSVTable, fitRows: [Int]?
  ) throws(DatasetError) {
    guard column.missingCount > 0 else { return }
    let isEmpty =
      column.missingCount == table.rowCount
      || fitRows?.allSatisfy { column.isMissing(row: $0) } == true
    guard isEmpty else { return }
    throw DatasetError(
      .badData,
      "\(table.fileName): column \"\(column.name)\": expected values, found missing ones only"
        + (column.missingCount < table.rowCount ? " in the training rows" : "")
        + "; leave the column out with --drop \"\(column.name)\"")
  }
}
