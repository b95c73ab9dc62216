/// Distinct rows of numbers, compared by their bits.
struct DistinctRows {
  let width: Int
  /// The distinct rows in the order of their first occurrence.
  private(set) var elements: [Double] = []
  /// Hash slots with the number of a row or −1; always less than half full.
  private var places = [Int32](repeating: -1, count: 64)
  private var count = 0
  /// The latest two rows: most leaves are pure, so with two classes it is nearly always one of these.
  private var latest: (Int, Int) = (0, 0)

  init(width: Int) { self.width = width }

  /// The number of the row that starts at an element of `source`, new or known.
  mutating func row(of source: [Double], at start: Int) -> Int32 {
    if count > 0 {
      if isRow(latest.0, equalTo: source, start) { return Int32(latest.0) }
      if isRow(latest.1, equalTo: source, start) {
        latest = (latest.1, latest.0)
        return Int32(latest.0)
      }
    }
    let number = find(source, start)
    latest = (number, latest.0)
    return Int32(number)
  }

  /// The number of the row, new or known, by its hash.
  private mutating func find(_ source: [Double], _ start: Int) -> Int {
    if count * 2 >= places.count { grow() }
    var place = Self.hash(source, start, width) & (places.count - 1)
    while places[place] >= 0 {
      let row = Int(places[place])
      if isRow(row, equalTo: source, start) { return row }
      place = (place + 1) & (places.count - 1)
    }
    places[place] = Int32(count)
    elements.append(contentsOf: source[start..<start + width])
    count += 1
    return count - 1
  }

  private func isRow(_ row: Int, equalTo source: [Double], _ start: Int) -> Bool {
    for column in 0..<width
    where elements[row * width + column].bitPattern != source[start + column].bitPattern {
      return false
    }
    return true
  }

  private mutating func grow() {
    places = [Int32](repeating: -1, count: places.count * 2)
    for row in 0..<count {
      var place = Self.hash(elements, row * width, width) & (places.count - 1)
      while places[place] >= 0 { place = (place + 1) & (places.count - 1) }
      places[place] = Int32(row)
    }
  }

  /// A hash of the bits of a row, with the best mixed bits at the low end.
  private static func hash(_ numbers: [Double], _ start: Int, _ width: Int) -> Int {
    var state: UInt64 = 0
    for column in 0..<width {
      state = (state ^ numbers[start + column].bitPattern) &* 0x9e37_79b9_7f4a_7c15
      state ^= state >> 32
    }
    return Int(truncatingIfNeeded: state)
  }
}
