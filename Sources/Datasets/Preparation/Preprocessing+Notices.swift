import Support

extension Preprocessing {
  /// How a table was read, as far as it may surprise: the rows that were dropped, missing cells, and the columns of
  /// names.
  public func notices(on table: CSVTable) -> [String] {
    var notices = table.notices
    let (dropped, incomplete) = (table.droppedRowCount, table.incompleteRowCount)
    let all = (table.testFile?.firstRow ?? table.rowCount) + incomplete + dropped
    if dropped > 0 { notices.append("Dropped \(dropped) of \(all) rows, which have no label") }
    if incomplete > 0 {
      notices.append(
        "Dropped \(incomplete) of \(all) rows, which have a missing cell in a feature")
    }
    let features = features(of: table)
    let missing = features.filter { $0.missingCount > 0 }.map { "\($0.name) \($0.missingCount)" }
    if !missing.isEmpty { notices.append("Missing cells: \(missing.listed())") }
    let names = nameColumns(of: table)
    if !names.isEmpty {
      notices.append(
        "Columns taken as names\(encoding == .oneHot ? ", encoded one-hot" : ""): \(names.listed())"
      )
    }
    for column in features where !column.isNumeric {
      let words = column.words.enumerated().filter {
        MissingWord.contains($0.element) && !column.isMissing(word: $0.offset)
      }.map(\.element).sorted()
      guard !words.isEmpty else { continue }
      notices.append(
        "Column \"\(column.name)\": \(words.map { "\"\($0)\"" }.listed()) "
          + (words.count == 1 ? "is a category" : "are categories")
          + "; if that means a missing value, give "
          + ShellCommand.text(["--missing-values", words.joined(separator: ",")]))
    }
    return notices + (table.testFile.map { self.notices(on: $0, of: table) } ?? [])
  }
}
