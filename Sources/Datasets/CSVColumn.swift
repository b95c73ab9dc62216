/// One column of a table: numbers, or words by number.
struct CSVColumn: Sendable {
  let name: String
  /// Read as words even where cells are numbers.
  let isForcedText: Bool
  private(set) var numbers: [Double] = []
  private(set) var wordNumbers: [Int32] = []
  private(set) var table = WordTable()

  private var numberCount = 0
  private var textCount = 0
  private var firstNumber: (line: Int, text: String)?
  private var firstText: (line: Int, text: String)?
  /// The line of the first empty cell.
  private(set) var firstEmptyLine: Int?

  init(name: String, isForcedText: Bool) {
    self.name = name
    self.isForcedText = isForcedText
  }

  /// A column that is known to be numbers.
  init(name: String, numbers: [Double]) {
    self.init(name: name, isForcedText: false)
    self.numbers = numbers
    numberCount = numbers.count
  }

  /// A column that is known to be words, given once each and by number for every row.
  init(name: String, isForcedText: Bool, words: WordTable, wordNumbers: [Int32]) {
    self.init(name: name, isForcedText: isForcedText)
    table = words
    self.wordNumbers = wordNumbers
    textCount = wordNumbers.count
  }

  var words: [String] { table.words }
  var isNumeric: Bool { textCount == 0 }

  /// The first cell of the rarer kind where numbers and texts are mixed.
  var odd: (line: Int, text: String, expected: String)? {
    guard numberCount > 0, textCount > 0, let firstNumber, let firstText else { return nil }
    return numberCount >= textCount
      ? (firstText.line, firstText.text, "a number")
      : (firstNumber.line, firstNumber.text, "text")
  }

  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) {
    if bytes.isEmpty, firstEmptyLine == nil { firstEmptyLine = line }
    if !isForcedText, let number = DecimalNumber.value(bytes) {
      if numberCount == 0 { firstNumber = (line, String(decoding: bytes, as: UTF8.self)) }
      numberCount += 1
      if textCount == 0 { numbers.append(number) }
    } else {
      if textCount == 0 { firstText = (line, String(decoding: bytes, as: UTF8.self)) }
      textCount += 1
      // A column of numbers with a stray text is refused later; its words are of no use.
      if numberCount == 0 { wordNumbers.append(table.number(of: bytes)) }
    }
  }
}
