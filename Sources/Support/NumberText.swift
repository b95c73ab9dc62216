#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Numbers as people read them, the same in every locale.
public enum NumberText {
  /// A number with that many digits after the point, as programs and terminals take it.
  public static func plain(_ value: Double, digits: Int) -> String {
    guard let parts = rounded(value, digits) else { return value.description }
    return (parts.isNegative ? "-" : "") + String(parts.whole) + parts.fraction
  }

  /// The shortest text that reads back to the same number, with no point where the number is whole.
  public static func shortest(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : value.description
  }

  /// A p-value, such as `p = 0.031` or `p < 0.001`.
  public static func pValue(_ p: Double) -> String {
    p < 0.001 ? "p < 0.001" : "p = \(plain(p, digits: 3))"
  }

  // MARK: For pages, with a true minus sign and digits in groups

  /// A number with that many digits after the point.
  public static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value > 0 ? "∞" : "−∞" }
    guard let parts = rounded(value, digits) else { return value.description }
    return (parts.isNegative ? "−" : "") + grouped(parts.whole) + parts.fraction
  }

  /// The number's digits, the fraction's with the point; `nil` where it is too large to be rounded, or
  /// not finite. What is rounded to zero has no sign.
  private static func rounded(
    _ value: Double, _ digits: Int
  ) -> (isNegative: Bool, whole: Int, fraction: String)? {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 9e15 else { return nil }
    let (whole, rest) = Int(scaled).quotientAndRemainder(dividingBy: Int(scale))
    let text = String(rest)
    let zeros = String(repeating: "0", count: max(0, digits - text.count))
    return (value < 0 && scaled > 0, whole, digits > 0 ? "." + zeros + text : "")
  }

  /// A whole number with commas between groups of three digits.
  public static func grouped(_ number: Int) -> String {
    let digits = String(abs(number))
    guard digits.count > 3 else { return (number < 0 ? "−" : "") + digits }
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return (number < 0 ? "−" : "") + text
  }

  /// A share as a percentage: one digit after the point, none where the share is exact or large.
  public static func percent(_ share: Double, digits: Int = 1) -> String {
    fixed(share * 100, digits) + " %"
  }

  /// Seconds with three significant digits or so.
  public static func seconds(_ value: Double) -> String {
    switch abs(value) {
    case ..<0.0995: fixed(value * 1000, value < 0.00995 ? 2 : 1) + " ms"
    case ..<9.995: fixed(value, 2) + " s"
    case ..<600: fixed(value, 1) + " s"
    default: fixed(value / 60, 1) + " min"
    }
  }

  /// A number with up to `digits` significant digits and no trailing zeros; powers of ten beyond
  /// what is easily read.
  public static func short(_ value: Double, digits: Int = 4) -> String {
    guard value.isFinite else { return fixed(value, 0) }
    guard value != 0 else { return "0" }
    let magnitude = abs(value)
    let exponent = Int(floor(log10(magnitude) + 1e-12))
    if exponent >= 7 || exponent < -4 {
      let mantissa = value / pow(10, Double(exponent))
      return trimmed(fixed(mantissa, max(0, digits - 1))) + "e" + "\(exponent)"
    }
    return trimmed(fixed(value, max(0, digits - 1 - exponent)))
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = text
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// A coordinate of a drawing: at most two digits after the point and no superfluous characters; 0 for
  /// what stands nowhere.
  public static func coordinate(_ value: Double) -> String {
    guard let hundredths = Int(exactly: (value * 100).rounded()) else { return "0" }
    let sign = hundredths < 0 ? "-" : ""
    let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    if rest == 0 { return sign + String(whole) }
    if rest % 10 == 0 { return sign + "\(whole).\(rest / 10)" }
    return sign + "\(whole)." + (rest < 10 ? "0" : "") + String(rest)
  }
}
