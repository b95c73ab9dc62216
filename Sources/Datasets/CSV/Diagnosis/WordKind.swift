/// What a word of a column is, as far as numbers go.
enum WordKind {
  case number
  /// A number in a form that is not read: with another decimal mark, separators of thousands, a currency or
  /// percent sign, or a minus or blanks of another kind.
  case unreadNumber
  case missing
  case other

  init(of word: String, _ mark: DecimalMark) {
    self =
      if MissingWord.isLabel(word) {
        .missing
      } else if mark.number(in: word) != nil {
        .number
      } else if Self.isUnreadNumber(word) {
        .unreadNumber
      } else {
        .other
      }
  }

  /// Whether a word has a digit and little else, which is seen quickly: tables may have millions of words.
  static func mayBeNumber(_ word: String) -> Bool {
    var (digits, letters, last) = (0, 0, UInt8(0))
    for byte in word.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
      // A date or an identifier.
      case UInt8(ascii: "-") where UInt8(ascii: "0")...UInt8(ascii: "9") ~= last: return false
      case UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "_"): return false
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
        letters += 1
        // Those of US$, and one for an exponent.
        if letters > 3 { return false }
      default: break
      }
      last = byte
    }
    return digits > 0
  }

  /// Whether a word that is no number would be one in another form.
  private static func isUnreadNumber(_ word: String) -> Bool {
    guard mayBeNumber(word) else { return false }
    var rest = word.unicodeScalars[...]
    /// Removes blanks and signs of currencies and shares, with letters such as those of `US$`.
    func strip() {
      while let first = rest.first, isOrnament(first) { rest.removeFirst() }
      while let last = rest.last, isOrnament(last) { rest.removeLast() }
      let letters = rest.prefix { ("A"..."Z").contains($0) }
      if 1...2 ~= letters.count, rest.dropFirst(letters.count).first.map(isCurrency) == true {
        rest = rest.dropFirst(letters.count)
        strip()
      }
    }
    strip()
    if let sign = rest.first,
      "+-\u{2010}\u{2011}\u{2012}\u{2013}\u{2212}\u{ff0d}".unicodeScalars.contains(sign)
    {
      rest.removeFirst()
      strip()
    }
    guard let first = rest.first, ("0"..."9").contains(first) || ".,".unicodeScalars.contains(first)
    else { return false }
    let text = String(rest)
    let blanks = " \u{a0}\u{2007}\u{2009}\u{202f}'\u{2019}"
    return GroupedNumber.value(of: text, decimalMark: ".", separators: "," + blanks) != nil
      || GroupedNumber.value(of: text, decimalMark: ",", separators: "." + blanks) != nil
  }

  private static func isOrnament(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || isCurrency(scalar)
      || "%\u{2030}\u{200b}\u{feff}".unicodeScalars.contains(scalar)
  }

  private static func isCurrency(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .currencySymbol
  }
}
