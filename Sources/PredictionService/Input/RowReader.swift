import ModelFiles
import SavedModels

/// Something about one field that keeps a row from being predicted, or is worth knowing.
struct FieldRemark: Hashable, Sendable {
  let field: String
  let message: String
}

/// What was made of a row.
enum ReadRow: Sendable {
  /// Values in the order of the model's columns, and where they lie beyond what training saw.
  case values([Double], notices: [FieldRemark])
  case problems([FieldRemark])
}

/// Makes rows of what was sent, field by field, and finds out what is wrong with it.
struct RowReader {
  /// What was sent for a field.
  enum Cell {
    case text(String)
    case number(Double)
    /// Something that no field can have; `found` says what.
    case other(found: String)
  }

  private let columns: [FeatureColumn]
  private let fields: [FeatureField]
  private var values: [Double]
  private var isGiven: [Bool]
  private var problems: [FieldRemark] = []

  init(_ columns: [FeatureColumn], _ fields: [FeatureField]) {
    self.columns = columns
    self.fields = fields
    values = [Double](repeating: 0, count: columns.count)
    isGiven = [Bool](repeating: false, count: columns.count)
  }

  /// Takes what was sent under a name.
  mutating func take(_ name: String, _ cell: Cell) {
    guard let feature = columns.firstIndex(where: { $0.name == name }) else {
      let known = columns.map(\.name).joined(separator: ", ")
      return fail(name, "is not a field; fields are \(known)")
    }
    take(feature, cell)
  }

  /// Takes what was sent for the feature of that number.
  mutating func take(_ feature: Int, _ cell: Cell) {
    let name = columns[feature].name
    guard !isGiven[feature] else { return fail(name, "was given twice") }
    isGiven[feature] = true
    let isNumber = columns[feature].categories == nil
    switch cell {
    case .number(let number) where isNumber: values[feature] = number
    case .number(let number):
      return fail(name, "expected a text in quotes, found \(FeatureField.text(number))")
    case .other(let found):
      return fail(name, "expected a \(isNumber ? "number" : "text"), found \(found)")
    case .text(let text):
      do throws(CellError) {
        values[feature] = try columns[feature].value(of: Self.trimmed(text))
      } catch {
        return fail(name, error.description)
      }
    }
    if fields[feature].isNeverNegative, values[feature] < 0 {
      fail(name, "expected 0 or more, found \(FeatureField.text(values[feature]))")
    }
  }

  /// Takes a text that was sent where a number belongs.
  mutating func takeQuoted(_ name: String, _ text: String) {
    guard let feature = columns.firstIndex(where: { $0.name == name }) else {
      return take(name, .text(text))
    }
    do throws(CellError) {
      _ = try columns[feature].value(of: text)
      take(feature, .other(found: "a text; leave the quotes out"))
    } catch {
      take(feature, .text(text))
    }
  }

  private mutating func fail(_ field: String, _ message: String) {
    problems.append(FieldRemark(field: Self.shortened(field), message: message))
  }

  /// What was read, once all was taken.
  consuming func finish() -> ReadRow {
    for (feature, isGiven) in isGiven.enumerated() where !isGiven {
      problems.append(
        FieldRemark(field: columns[feature].name, message: "expected a value, found nothing"))
    }
    guard problems.isEmpty else { return .problems(problems) }
    var notices: [FieldRemark] = []
    for (feature, field) in fields.enumerated() {
      guard case .number(let range, _) = field.kind, !range.contains(values[feature]) else {
        continue
      }
      notices.append(
        FieldRemark(
          field: field.name,
          message: "\(FeatureField.text(values[feature])) lies outside what training saw, "
            + "\(FeatureField.text(range.lowerBound)) to \(FeatureField.text(range.upperBound))"))
    }
    return .values(values, notices: notices)
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
