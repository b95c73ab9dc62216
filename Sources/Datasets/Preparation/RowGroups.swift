/// The group that each row of a table belongs to, such as the patient that it is of: rows of one group are
/// alike, and are never divided.
public struct RowGroups: Hashable, Sendable {
  /// The groups' names as they are first written, in the order of `numpy.unique`: numbers by value, words by
  /// their Unicode scalars.
  public let names: [String]
  /// The group of each row, an index into ``names``.
  public let ofRow: [Int]

  public init(names: [String], ofRow: [Int]) {
    self.names = names
    self.ofRow = ofRow
  }

  /// How many groups some rows are of.
  public func count(in rows: [Int]) -> Int { numbered(rows).count }

  /// The group of each of some rows, with the groups that occur numbered anew in their order.
  public func numbered(_ rows: [Int]) -> (ofRow: [Int], count: Int) {
    var numbers = [Int](repeating: -1, count: names.count)
    for row in rows { numbers[ofRow[row]] = 0 }
    var count = 0
    for group in numbers.indices where numbers[group] == 0 {
      numbers[group] = count
      count += 1
    }
    return (rows.map { numbers[ofRow[$0]] }, count)
  }
}

extension CSVTable {
  /// The groups that a column names: cells of the same number or the same word are one group.
  public func groups(by name: String) throws(DatasetError) -> RowGroups {
    let column = try dividingColumn(name, what: "a group")
    let kind = TargetValue.Kind(of: column.words, decimalMark)
    let values = column.words.map { TargetValue(of: $0, kind) }
    // A group is named as it is first written.
    var first: [TargetValue: Int] = [:]
    for (number, value) in values.enumerated() where first[value] == nil { first[value] = number }
    let encoder = TargetRule.encoder(of: first.values.map { column.words[$0] }, kind)
    let codes = values.map { value in
      first[value].flatMap { encoder.code(of: column.words[$0]) } ?? 0
    }
    return RowGroups(
      names: encoder.classes, ofRow: column.wordNumbers.map { codes[Int($0)] })
  }

  /// A column that says how rows are divided, which was read as words; none of them may be missing.
  func dividingColumn(_ name: String, what: String) throws(DatasetError) -> CSVColumn {
    guard let column = column(named: name) else { throw unknownColumn(name, of: self) }
    if let number = column.words.firstIndex(where: MissingWord.isLabel) {
      let word = column.words[number]
      throw DatasetError(
        .badData,
        "\(place(ofWord: number, in: column)): column \"\(name)\": expected \(what), found "
          + (word.isEmpty ? "an empty cell" : "\"\(word)\", which means a missing value")
          + "; correct the cell, or leave the row out")
    }
    return column
  }
}
