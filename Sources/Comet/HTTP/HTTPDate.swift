/// Dates as HTTP headers have them, `Sun, 06 Nov 1994 08:49:37 GMT`.
///
/// - SeeAlso: RFC 9110, section 5.6.7.
enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Seconds since 1970; `nil` where the text is no such date.
  static func secondsSince1970(_ text: String) -> Double? {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), 1...31 ~= day,
      let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3]),
      1970...9999 ~= year
    else { return nil }
    let time = parts[4].split(separator: ":").compactMap { Int($0) }
    guard time.count == 3, 0...23 ~= time[0], 0...59 ~= time[1], 0...60 ~= time[2] else {
      return nil
    }
    let days = Self.days(year: year, month: month + 1, day: day)
    return Double(days * 86_400 + time[0] * 3600 + time[1] * 60 + time[2])
  }

  /// Days since 1970 in the Gregorian calendar, in years that begin with March so that a leap day
  /// comes last.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
