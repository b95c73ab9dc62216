import Support

extension TargetRule {
  /// The class of every row of a table, among the classes that a model was trained on.
  ///
  /// Values become classes as in training. A column that has nothing but the names of classes, none of which is a value
  /// that a class names, is taken to have the classes themselves.
  ///
  /// - Parameters:
  ///   - table: its target's column was read as words.
  ///   - classNames: the model's classes in the order of their indices.
  /// - Throws: ``DatasetError`` that names the cell whose label is missing, or is none of the model's.
  public func labels(
    of table: CSVTable, among classNames: [String]
  ) throws(DatasetError) -> [Int] {
    guard let column = table.column(named: column) else {
      throw DatasetError(
        .badData,
        "\(table.fileName):1: expected a column \"\(self.column)\" with the actual classes, found "
          + table.columnNames.map { "\"\($0)\"" }.listed() + "; name another with --target")
    }
    try refuseMissing(column, table)
    let codes = try names(of: column, classNames, table).enumerated().map {
      number, name throws(DatasetError) in
      guard let code = name.flatMap({ name in classNames.firstIndex { $0.hasBytes(of: name) } })
      else {
        throw fail(
          table, at: table.place(ofWord: number, in: column),
          "expected one of the model's classes \(classNames.map { "\"\($0)\"" }.listed()), found "
            + "\"\(column.words[number])\"")
      }
      return code
    }
    return column.wordNumbers.map { codes[Int($0)] }
  }

  /// The name of the class of each of the column's words; `nil` for a word that is of none.
  private func names(
    of column: CSVColumn, _ classNames: [String], _ table: CSVTable
  ) throws(DatasetError) -> [String?] {
    func values(_ words: [String], _ kind: TargetValue.Kind) -> [TargetValue] {
      words.map { TargetValue(of: $0, kind) }
    }
    let hasClassNames = column.words.allSatisfy {
      classNames.containsBytes(of: $0) && !namedValues.containsBytes(of: $0)
    }
    guard !classes.isEmpty, !hasClassNames else {
      let kind = TargetValue.Kind(of: classNames, table.decimalMark)
      let known = Dictionary(zip(values(classNames, kind), classNames)) { first, _ in first }
      return values(column.words, kind).map { known[$0] }
    }
    var rule = self
    rule.everyValueOccurs = false
    let kind = TargetValue.Kind(
      of: column.words.filter { !MissingWord.isLabel($0) }, table.decimalMark)
    return try rule.classNames(of: column, values(column.words, kind), kind, table)
  }
}
