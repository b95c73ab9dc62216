#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Numbers as people read them, the same in every locale.
package enum NumberText {
  /// A number with that many digits after the point.
  package static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value > 0 ? "∞" : "−∞" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 9e15 else { return value.description }
    let number = Int(scaled)
    let sign = value < 0 && number > 0 ? "−" : ""
    let whole = grouped(number / Int(scale))
    guard digits > 0 else { return sign + whole }
    let fraction = String(number % Int(scale))
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return sign + whole + "." + zeros + fraction
  }

  /// A whole number with commas between groups of three digits.
  package static func grouped(_ number: Int) -> String {
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
  package static func percent(_ share: Double, digits: Int = 1) -> String {
    fixed(share * 100, digits) + " %"
  }

  /// Seconds with three significant digits or so.
  package static func seconds(_ value: Double) -> String {
    switch abs(value) {
    case ..<0.0995: fixed(value * 1000, value < 0.00995 ? 2 : 1) + " ms"
    case ..<9.995: fixed(value, 2) + " s"
    case ..<600: fixed(value, 1) + " s"
    default: fixed(value / 60, 1) + " min"
    }
  }

  /// A number with up to `digits` significant digits and no trailing zeros; powers of ten beyond
  /// what is easily read.
  package static func short(_ value: Double, digits: Int = 4) -> String {
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
  package static func coordinate(_ value: Double) -> String {
    guard let hundredths = Int(exactly: (value * 100).rounded()) else { return "0" }
    let sign = hundredths < 0 ? "-" : ""
    let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    if rest == 0 { return sign + String(whole) }
    if rest % 10 == 0 { return sign + "\(whole).\(rest / 10)" }
    return sign + "\(whole)." + (rest < 10 ? "0" : "") + String(rest)
  }
}
