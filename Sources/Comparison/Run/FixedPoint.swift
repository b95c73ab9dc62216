/// Numbers as people read them.
package enum FixedPoint {
  /// A number with that many digits after the point.
  package static func text(_ value: Double, digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 9e15 else { return value.description }
    let number = Int(scaled)
    let sign = value < 0 && number > 0 ? "-" : ""
    guard digits > 0 else { return sign + "\(number)" }
    let fraction = String(number % Int(scale))
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return sign + "\(number / Int(scale)).\(zeros)\(fraction)"
  }

  /// A probability, such as `p = 0.031` or `p < 0.001`.
  static func probability(_ p: Double) -> String {
    p < 0.001 ? "p < 0.001" : "p = \(text(p, digits: 3))"
  }
}
