/// The value of a target's cell: cells of the same value are of the same class.
enum TargetValue: Hashable {
  case number(Double)
  case truth(Bool)
  /// Any other word, by its bytes; also a number that is too large to be told from its neighbours.
  case word([UInt8])

  /// How a target's words are taken, which all of them decide.
  enum Kind {
    case numbers(DecimalMark)
    case booleans
    case words

    /// - Parameter words: without those that mean a missing value.
    init(of words: [String], _ mark: DecimalMark) {
      self =
        if words.allSatisfy({ mark.number(in: $0) != nil }) {
          .numbers(mark)
        } else if words.allSatisfy({ TargetValue.truths[$0] != nil }) {
          .booleans
        } else {
          .words
        }
    }
  }

  /// The words that pandas reads as booleans.
  private static let truths = [
    "True": true, "TRUE": true, "true": true, "False": false, "FALSE": false, "false": false,
  ]

  init(of word: String, _ kind: Kind) {
    self = .word(Array(word.utf8))
    switch kind {
    case .numbers(let mark):
      if let number = mark.number(in: word), abs(number) < 0x1p53 { self = .number(number) }
    case .booleans:
      if let truth = Self.truths[word] { self = .truth(truth) }
    case .words: break
    }
  }

  /// Whether a number is no whole one, or too large for one, as `type_of_target` of scikit-learn says: then it is
  /// a measurement, and no class.
  static func isMeasurement(_ word: String, _ mark: DecimalMark) -> Bool {
    guard let number = mark.number(in: word) else { return false }
    return Int64(exactly: number) == nil && UInt64(word) == nil
  }
}
