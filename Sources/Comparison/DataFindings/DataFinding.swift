import Support

/// Something about the data that is better known before the scores are believed.
///
/// `docs/data-findings.md` has a table of all codes.
public struct DataFinding: Codable, Hashable, Sendable {
  /// What it is, under a name that stays.
  ///
  /// Findings that are equally bad are told in this order.
  public enum Code: String, CaseIterable, Codable, Hashable, Sendable {
    case leak
    case rowCounter = "row-counter"
    case absentClass = "absent-class"
    case rareClass = "rare-class"
    case fewPositives = "few-positives"
    case uniqueColumn = "unique-column"
    case twins
    case contradictingRows = "contradicting-rows"
    case suspiciousZeros = "suspicious-zeros"
    case numbersAsNames = "numbers-as-names"
    case codedNumbers = "coded-numbers"
    case constantColumn = "constant-column"
  }

  /// How bad it is, the worst first.
  public enum Severity: String, CaseIterable, Codable, Hashable, Sendable {
    /// Scores are likely to be wrong.
    case severe
    /// Scores may mislead, or a model may be worse than it could be.
    case warning
    /// Worth knowing.
    case note
  }

  public let code: Code
  public let severity: Severity
  /// The columns that it is about; `nil` where it is about rows or classes.
  public let columns: [String]?
  /// What was found, in a few words.
  public let found: String
  /// What that means for the models and their scores.
  public let meaning: String
  /// What to do, in a few words.
  public let advice: String

  init(
    _ code: Code, _ severity: Severity, columns: [String] = [], found: String, meaning: String,
    advice: String
  ) {
    self.code = code
    self.severity = severity
    self.columns = columns.isEmpty ? nil : columns
    self.found = found
    self.meaning = meaning
    self.advice = advice
  }

  /// The finding in a line: what was found, and what to do.
  var line: String { "\(title) (\(code.rawValue)): \(found); \(advice)" }

  /// How bad it is, with a capital letter.
  var title: String { severity.rawValue.prefix(1).uppercased() + severity.rawValue.dropFirst() }

  /// Where it stands among others: the worst first, then in the order of the codes.
  var rank: (Int, Int) {
    (
      Severity.allCases.firstIndex(of: severity) ?? 0, Code.allCases.firstIndex(of: code) ?? 0
    )
  }
}

extension [DataFinding] {
  private static let lineLimit = 5

  /// At most five lines, the worst findings first.
  ///
  /// - Parameter place: where all of them are.
  func lines(allIn place: String) -> [String] {
    guard count > Self.lineLimit else { return map(\.line) }
    let shown = Self.lineLimit - 1
    return prefix(shown).map(\.line) + ["… and \(count - shown) more \(place)"]
  }

  /// Refuses findings of the severe kind.
  ///
  /// - Parameter fileName: the table's.
  func refuseSevere(fileName: String) throws(RequestError) {
    let severe = filter { $0.severity == .severe }
    guard !severe.isEmpty else { return }
    let list = severe.map { "\($0.found) (\($0.code.rawValue)): \($0.advice)" }
    throw RequestError(
      .badData,
      "\(fileName): --strict-data: \(list.joined(separator: "; "))")
  }
}

// MARK: The words of findings

/// Names in quotes, the first of many.
func quotedList(_ names: [String]) -> String { names.map { "\"\($0)\"" }.listed(limit: 6) }

/// Such as `column "a"` or `columns "a", "b"`.
func columnList(_ names: [String]) -> String {
  (names.count == 1 ? "column " : "columns ") + quotedList(names)
}

/// An option for each of a few columns, as it can be typed.
func options(_ option: String, _ names: [String]) -> String {
  names.count > 6
    ? "\(option) for each of them"
    : names.map { "\(option) \(ShellCommand.quoted($0))" }.joined(separator: " ")
}

/// Such as `leave it out with --drop id`.
func leaveOut(_ names: [String]) -> String {
  "leave \(names.count == 1 ? "it" : "them") out with \(options("--drop", names))"
}

/// Such as `1 row` or `20 rows`.
func rowText(_ count: Int) -> String { count == 1 ? "1 row" : NumberText.grouped(count) + " rows" }
