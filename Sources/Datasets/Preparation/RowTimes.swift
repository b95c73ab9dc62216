extension CSVTable {
  /// The place of each row's time among all times of a column, which are numbers, or dates and times of ISO
  /// 8601; equal times have the same place.
  public func timeRanks(by name: String) throws(DatasetError) -> [Int] {
    let column = try dividingColumn(name, what: "a time")
    let ranks: [Int]
    let wholes = column.words.map { Int64($0) }
    if let wholes = wholes.unwrapped() {
      // Nanoseconds since 1970 are no longer told apart as doubles.
      ranks = Self.ranks(of: wholes)
    } else {
      let numbers = column.words.map(decimalMark.number)
      let instants = column.words.map(Instant.init)
      if numbers.count(where: { $0 != nil }) >= instants.count(where: { $0 != nil }) {
        ranks = Self.ranks(of: try known(numbers, column, "a number"))
      } else {
        let known = try known(
          instants, column, "a date or time such as 2026-03-01 or 2026-03-01T12:30:00Z")
        try checkZones(known, column)
        ranks = Self.ranks(of: known)
      }
    }
    return column.wordNumbers.map { ranks[Int($0)] }
  }

  /// The times of a column's words; refuses a word that is none.
  private func known<Time>(
    _ times: [Time?], _ column: CSVColumn, _ expected: String
  ) throws(DatasetError) -> [Time] {
    if let known = times.unwrapped() { return known }
    let number = times.firstIndex { $0 == nil } ?? 0
    throw wrongTime(
      number, column,
      times.contains { $0 != nil }
        ? expected + ", as in other rows"
        : "a number, or a date or time such as 2026-03-01 or 2026-03-01T12:30:00Z")
  }

  /// Times with a zone and times without one cannot be compared; a date without a time needs none.
  private func checkZones(_ times: [Instant], _ column: CSVColumn) throws(DatasetError) {
    guard times.contains(where: { $0.zone == .given }),
      let number = times.firstIndex(where: { $0.zone == .missing })
    else { return }
    throw wrongTime(number, column, "a time with its zone, such as Z or +01:00, as in other rows")
  }

  private func wrongTime(_ number: Int, _ column: CSVColumn, _ expected: String) -> DatasetError {
    DatasetError(
      .badData,
      "\(place(ofWord: number, in: column)): column \"\(column.name)\": expected \(expected), found "
        + "\"\(column.words[number])\"; correct the cell, or leave the row out")
  }

  private static func ranks(of times: [some Comparable]) -> [Int] {
    let order = times.indices.sorted { times[$0] < times[$1] }
    var ranks = [Int](repeating: 0, count: times.count)
    var rank = 0
    for (place, index) in order.enumerated() {
      if place > 0, times[order[place - 1]] < times[index] { rank += 1 }
      ranks[index] = rank
    }
    return ranks
  }
}

extension Array {
  /// The values, where none is missing.
  fileprivate func unwrapped<Value>() -> [Value]? where Element == Value? {
    contains { $0 == nil } ? nil : compactMap(\.self)
  }
}

/// A point in time, to the attosecond.
struct Instant: Comparable {
  /// Whether a text says which zone its time is of.
  enum Zone { case given, missing, needless }

  /// Since 1970 in UTC, or in the unnamed zone.
  let seconds: Int64
  /// Attoseconds.
  let fraction: Int64
  let zone: Zone

  static func < (first: Instant, second: Instant) -> Bool {
    (first.seconds, first.fraction) < (second.seconds, second.fraction)
  }

  static func == (first: Instant, second: Instant) -> Bool {
    (first.seconds, first.fraction) == (second.seconds, second.fraction)
  }

  /// Reads `2026-03`, `2026-03-01`, `2026-03-01T12:30`, `2026-03-01 12:30:15.25`, with `Z`, `+01:00`, `+0100`
  /// or `+01` behind a time; `nil` for another text, and for a date that the calendar does not have.
  init?(_ text: String) {
    var reader = Digits(text.utf8[...])
    guard let year = reader.number(4), reader.take("-"), let month = reader.number(2),
      1...12 ~= month
    else { return nil }
    var day: Int64 = 1
    let hasDay = reader.take("-")
    if hasDay {
      guard let number = reader.number(2) else { return nil }
      day = number
    }
    guard 1...Self.days(of: month, year) ~= day else { return nil }
    let midnight = Self.dayNumber(year, month, day) * 86_400
    guard !reader.isAtEnd else {
      (seconds, fraction, zone) = (midnight, 0, .needless)
      return
    }
    guard hasDay, reader.take("T") || reader.take("t") || reader.take(" "),
      let time = reader.time(), let offset = reader.zone(), reader.isAtEnd
    else { return nil }
    seconds = midnight + time.seconds - (offset ?? 0)
    fraction = time.fraction
    zone = offset == nil ? .missing : .given
  }

  private static func days(of month: Int64, _ year: Int64) -> Int64 {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// Days since 1970 in the Gregorian calendar.
  ///
  /// - SeeAlso: Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
  private static func dayNumber(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    // Years that begin in March end with the leap day; years before 0 are not written with four digits.
    let shifted = month > 2 ? year : year - 1
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

/// Reads the digits of a date from left to right.
private struct Digits {
  private var rest: Substring.UTF8View

  init(_ text: Substring.UTF8View) { rest = text }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func digit() -> Int64? {
    guard let byte = rest.first, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
    rest.removeFirst()
    return Int64(byte - UInt8(ascii: "0"))
  }

  mutating func number(_ count: Int) -> Int64? {
    var number: Int64 = 0
    for _ in 0..<count {
      guard let digit = digit() else { return nil }
      number = number * 10 + digit
    }
    return number
  }

  /// `12:30`, `12:30:15` or `12:30:15.25`.
  mutating func time() -> (seconds: Int64, fraction: Int64)? {
    guard let hour = number(2), hour < 24, take(":"), let minute = number(2), minute < 60 else {
      return nil
    }
    var (second, fraction): (Int64, Int64) = (0, 0)
    if take(":") {
      // A leap second has the number 60.
      guard let number = number(2), number <= 60 else { return nil }
      second = number
      if take(".") || take(",") {
        guard let digits = self.fraction() else { return nil }
        fraction = digits
      }
    }
    return (hour * 3600 + minute * 60 + second, fraction)
  }

  /// In attoseconds; further digits are dropped.
  private mutating func fraction() -> Int64? {
    guard var number = digit() else { return nil }
    var count = 1
    while let digit = digit() {
      guard count < 18 else { continue }
      number = number * 10 + digit
      count += 1
    }
    for _ in count..<18 { number *= 10 }
    return number
  }

  /// The zone's distance from UTC in seconds: `nil` in the optional where there is no zone, and no optional where
  /// it is not one.
  mutating func zone() -> Int64?? {
    if isAtEnd { return .some(nil) }
    if take("Z") || take("z") { return .some(0) }
    let isWest = take("-")
    guard isWest || take("+"), let hour = number(2), hour < 24 else { return nil }
    var minute: Int64 = 0
    let hasColon = take(":")
    if hasColon || !isAtEnd {
      guard let number = number(2), number < 60 else { return nil }
      minute = number
    }
    let seconds = hour * 3600 + minute * 60
    return .some(isWest ? -seconds : seconds)
  }
}
