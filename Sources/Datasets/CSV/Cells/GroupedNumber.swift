/// Reading numbers whose digits are in groups of three, such as `1,071.09` or `1.071,09`.
enum GroupedNumber {
  /// The finite number in a text without blanks around it; `nil` for anything else.
  ///
  /// The first group has one to three digits and does not begin with 0, the others have three, and one kind
  /// of separator stands between all: so dates and identifiers are rarely taken for numbers.
  ///
  /// - Parameter separators: what may stand between groups.
  static func value(
    of text: String, decimalMark: Unicode.Scalar, separators: String
  ) -> Double? {
    let separators = separators.unicodeScalars
    var plain = ""
    var separator: Unicode.Scalar?
    var group = 0
    var scalars = text.unicodeScalars[...]
    if let sign = scalars.first, "+-".unicodeScalars.contains(sign) {
      plain.unicodeScalars.append(scalars.removeFirst())
    }
    let startsWithZero = scalars.first == "0"
    while let scalar = scalars.first {
      if ("0"..."9").contains(scalar) {
        plain.unicodeScalars.append(scalar)
        group += 1
      } else if separators.contains(scalar), separator == nil || scalar == separator {
        guard separator == nil ? 1...3 ~= group && !startsWithZero : group == 3 else { return nil }
        separator = scalar
        group = 0
      } else {
        break
      }
      scalars.removeFirst()
    }
    guard separator == nil || group == 3 else { return nil }
    if scalars.first == decimalMark {
      plain += "."
      scalars.removeFirst()
    } else if scalars.first == "." {
      return nil
    }
    // An exponent, or what is no number.
    return DecimalNumber.value(of: plain + String(scalars))
  }
}
