extension TableRows {
  /// Notes the first number of each column of words that is in a form that is not read, and what would read it.
  mutating func findUnreadNumbers(
    _ text: UnsafeBufferPointer<UInt8>, _ header: CSVHeader, _ reading: CSVReading
  ) {
    for index in columns.indices where !columns[index].isNumeric {
      guard let found = columns[index].firstUnreadNumber(reading.decimalMark) else { continue }
      columns[index].unreadNumber = CSVColumn.UnreadNumber(
        line: lines[found.row], text: found.text,
        grouping: reading.decimalMark != .point
          ? nil : DecimalMark.groupings.first(where: columns[index].isRead))
    }
    if reading.decimalMark == .point, columns.contains(where: { $0.unreadNumber != nil }) {
      offerDecimalComma(text, header, reading)
    }
  }

  /// Notes which columns a decimal comma makes columns of numbers, where it leaves those of numbers as they are.
  private mutating func offerDecimalComma(
    _ text: UnsafeBufferPointer<UInt8>, _ header: CSVHeader, _ reading: CSVReading
  ) {
    var other = reading
    other.decimalMark = .comma
    /// A column that is read as words may be a target of numbers.
    func isUnchanged(_ word: String) -> Bool {
      let number = DecimalMark.point.number(in: word)
      return number == nil || number == DecimalMark.comma.number(in: word)
    }
    guard var read = try? ColumnDiagnosis(text, header, other).columns else { return }
    for index in read.indices { other.missing.mark(&read[index], .comma) }
    guard
      zip(columns, read).allSatisfy({ column, read in
        // Missing numbers are one and the same NaN.
        column.isNumeric
          ? read.isNumeric
            && read.numbers.elementsEqual(column.numbers) { $0.bitPattern == $1.bitPattern }
          : column.words.allSatisfy(isUnchanged)
      })
    else { return }
    for (index, column) in read.enumerated()
    // Between commas a comma stands between thousands.
    where header.grammar.separator != UInt8(ascii: ",")
      || columns[index].unreadNumber?.grouping == nil
    {
      columns[index].unreadNumber?.isReadWithDecimalComma = column.isRead(.comma)
    }
  }
}

extension CSVColumn {
  struct UnreadNumber: Hashable, Sendable {
    let line: Int
    let text: String
    /// What makes the column one of numbers whose thousands are separated.
    var grouping: DecimalMark?
    /// Whether a decimal comma makes the column one of numbers, and leaves the others as they are.
    var isReadWithDecimalComma = false
  }

  /// Whether all words are numbers with such a mark, or missing.
  func isRead(_ mark: DecimalMark) -> Bool {
    words.allSatisfy { word in
      switch WordKind(of: word, mark) {
      case .number, .missing: true
      case .unreadNumber, .other: false
      }
    }
  }

  /// The row and the text of the first number in a form that is not read, where most cells that are not missing
  /// would be numbers.
  func firstUnreadNumber(_ mark: DecimalMark) -> (row: Int, text: String)? {
    guard
      words.contains(where: {
        WordKind.mayBeNumber($0) && WordKind(of: $0, mark) == .unreadNumber
      })
    else { return nil }
    let kinds = words.enumerated().map { number, word in
      isMissing(word: number) ? .missing : WordKind(of: word, mark)
    }
    var (numbers, others) = (0, 0)
    for number in wordNumbers {
      switch number < 0 ? .number : kinds[Int(number)] {
      case .number, .unreadNumber: numbers += 1
      case .missing: break
      case .other: others += 1
      }
    }
    guard numbers > others,
      let row = wordNumbers.firstIndex(where: { $0 >= 0 && kinds[Int($0)] == .unreadNumber })
    else { return nil }
    return (row, words[Int(wordNumbers[row])])
  }
}
