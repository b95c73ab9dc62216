import ModelFiles
import SavedModels
import Support

/// A problem of one field, which prevents the prediction, or a notice about it.
struct FieldRemark: Hashable, Sendable, CustomStringConvertible {
  /// Empty if it is not about one field.
  let field: String
  /// Without control characters.
  let message: String
  /// How many remarks it stands for.
  let count: Int

  init(field: String, message: String, count: Int = 1) {
    self.field = field
    self.message = SafeText.line(message, limit: .max)
    self.count = count
  }

  var description: String { field.isEmpty ? message : "\(field): \(message)" }
}

/// Rows that were read.
struct ReadRows: Sendable {
  enum Row: Sendable {
    /// The row can be predicted; notices name its values outside the training range.
    case valid(notices: [FieldRemark])
    case problems([FieldRemark])
  }

  let rows: [Row]
  /// The values of the rows that can be predicted, in the order of the model's columns, row after row.
  let values: [Double]
}

/// Reads rows field by field, and collects their problems.
struct RowReader {
  /// The value that was sent for a field.
  enum Cell {
    case text(String)
    case number(Double)
    case boolean(Bool)
    /// A value that is said to be none.
    case missing
    /// A value that no field can have; `found` describes it.
    case other(found: String)
  }

  let features: FeatureTable
  private var rows: [ReadRows.Row] = []
  /// The values of the valid rows, and behind them those of the row that is being read.
  private var values: [Double]
  private var start = 0
  private var isGiven: [Bool]
  /// The problems of the row that is being read, as far as they are listed.
  private var problems: [FieldRemark] = []
  private var problemCount = 0
  /// How many rows have remarks that are listed.
  private var listedRowCount = 0
  /// What is said of rows of which only the number of remarks is told, by that number.
  private var countedRemarks: [Int: [FieldRemark]] = [:]

  /// The most rows with remarks that are listed, and the most remarks of a row: an answer cannot be many times as long as
  /// its request.
  static let listLimit = 100
  /// The feature after the last one: most clients send them in order.
  private var nextFeature = 0

  init(_ features: FeatureTable) {
    self.features = features
    values = [Double](repeating: 0, count: features.count)
    isGiven = [Bool](repeating: false, count: features.count)
  }

  /// How many rows were read.
  var rowCount: Int { rows.count }

  /// The index of the feature of that name.
  mutating func feature(_ name: String) -> Int? {
    let isNext = nextFeature < features.count && features.names[nextFeature].hasBytes(of: name)
    guard
      let feature = isNext
        ? nextFeature : features.names.firstIndex(where: { $0.hasBytes(of: name) })
    else {
      return nil
    }
    nextFeature = feature + 1
    return feature
  }

  /// Takes the value of a feature, given by its name.
  mutating func take(_ name: String, _ cell: Cell) {
    guard let feature = feature(name) else {
      let known = features.names.joined(separator: ", ")
      return fail(name, "is not a field; fields are \(known)")
    }
    take(feature, cell)
  }

  /// Takes the value of a feature, given by its index.
  mutating func take(_ feature: Int, _ cell: Cell) {
    guard !isGiven[feature] else { return fail(feature, "was given twice") }
    isGiven[feature] = true
    let isNumber = features.isNumber(feature)
    let value: Double
    do throws(CellError) {
      switch cell {
      case .number(let number) where isNumber: value = try features.value(of: number, feature)
      case .number(let number):
        // Codes such as 1 and 10 are categories to a model and numbers to its clients.
        guard let code = features.code(of: number, feature) else {
          return fail(feature, "expected a text in quotes, found \(NumberText.shortest(number))")
        }
        value = code
      case .boolean(let truth):
        guard let code = features.code(of: truth, feature) else {
          return fail(feature, "expected a \(isNumber ? "number" : "text"), found \(truth)")
        }
        value = code
      case .missing: value = try features.missingValue(feature)
      case .other(let found):
        return fail(feature, "expected a \(isNumber ? "number" : "text"), found \(found)")
      case .text(let text): value = try features.value(of: Self.trimmed(text), feature)
      }
    } catch {
      return fail(feature, error.description)
    }
    if value < 0, features.isNeverNegative[feature] {
      return fail(feature, "expected 0 or more, found \(NumberText.shortest(value))")
    }
    values[start + feature] = value
  }

  /// Takes a text in place of a number.
  mutating func takeQuoted(_ feature: Int, _ text: String) {
    do throws(CellError) {
      let value = try features.value(of: text, feature)
      take(feature, value.isNaN ? .missing : .other(found: "a text; remove the quotes"))
    } catch {
      take(feature, .text(text))
    }
  }

  /// Takes what is not a row as a row with a problem.
  mutating func takeRow(problem: String) {
    rows.append(.problems([FieldRemark(field: "", message: problem)]))
  }

  private mutating func fail(_ feature: Int, _ message: @autoclosure () -> String) {
    fail(features.names[feature], message())
  }

  private mutating func fail(_ field: String, _ message: @autoclosure () -> String) {
    problemCount += 1
    guard listedRowCount < Self.listLimit, problems.count < Self.listLimit else { return }
    problems.append(FieldRemark(field: Self.shortened(field), message: message()))
  }

  /// The remarks of a row: the listed ones, and the number of the others.
  private mutating func remarks(_ listed: [FieldRemark], of count: Int) -> [FieldRemark] {
    guard listed.isEmpty else {
      listedRowCount += 1
      let others = count - listed.count
      guard others > 0 else { return listed }
      return listed + [FieldRemark(field: "", message: "and \(others) more", count: others)]
    }
    if let known = countedRemarks[count] { return known }
    let message =
      "\(count) remark\(count == 1 ? "" : "s"); those of the first \(Self.listLimit) such rows are listed"
    countedRemarks[count] = [FieldRemark(field: "", message: message, count: count)]
    return countedRemarks[count] ?? []
  }

  /// Ends the current row.
  mutating func endRow() {
    var notices: [FieldRemark] = []
    var noticeCount = 0
    for feature in 0..<features.count {
      if !isGiven[feature] { take(feature, .missing) }
      let value = values[start + feature]
      if problemCount == 0, !value.isNaN, let range = features.ranges[feature],
        !range.contains(value)
      {
        noticeCount += 1
        if listedRowCount < Self.listLimit, notices.count < Self.listLimit {
          notices.append(notice(feature, range))
        }
      }
      isGiven[feature] = false
    }
    nextFeature = 0
    if problemCount == 0 {
      rows.append(.valid(notices: noticeCount == 0 ? [] : remarks(notices, of: noticeCount)))
      start = values.count
      values.append(contentsOf: repeatElement(0, count: features.count))
    } else {
      rows.append(.problems(remarks(problems, of: problemCount)))
      problems = []
      problemCount = 0
    }
  }

  private func notice(_ feature: Int, _ range: ClosedRange<Double>) -> FieldRemark {
    FieldRemark(
      field: features.names[feature],
      message: "\(NumberText.shortest(values[start + feature])) is outside the training range, "
        + "\(NumberText.shortest(range.lowerBound)) to \(NumberText.shortest(range.upperBound))")
  }

  /// All rows that were read.
  consuming func finish() -> ReadRows {
    values.removeLast(values.count - start)
    return ReadRows(rows: rows, values: values)
  }

  /// A text without the spaces around it.
  private static func trimmed(_ text: String) -> String {
    guard text.utf8.first == UInt8(ascii: " ") || text.utf8.last == UInt8(ascii: " ") else {
      return text
    }
    var rest = text[...]
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    return String(rest)
  }

  private static func shortened(_ name: String) -> String {
    name.count > 60 ? String(name.prefix(60)) + "…" : name
  }
}
