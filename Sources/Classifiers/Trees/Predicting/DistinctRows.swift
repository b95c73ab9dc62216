/// Distinct rows of class shares, compared by their bits.
struct DistinctRows {
  /// The distinct rows in the order of their first occurrence.
  private(set) var rows: ClassShares
  /// Hash slots with the number of a row or −1; always less than half full.
  private var places = [Int32](repeating: -1, count: 64)
  private var count: Int { rows.rowCount }
  /// The latest two rows: most leaves are pure, so with two classes it is nearly always one of these.
  private var latest: (Int, Int) = (0, 0)

  init(classCount: Int) { rows = ClassShares(classCount: classCount) }

  /// The number of a row of `source`, new or known.
  mutating func row(_ row: Int, of source: ClassShares) -> Int32 {
    if count > 0 {
      if rows.isRow(latest.0, equalTo: source, row) { return Int32(latest.0) }
      if rows.isRow(latest.1, equalTo: source, row) {
        latest = (latest.1, latest.0)
        return Int32(latest.0)
      }
    }
    let number = find(row, source)
    latest = (number, latest.0)
    return Int32(number)
  }

  /// The number of the row, new or known, by its hash.
  private mutating func find(_ row: Int, _ source: ClassShares) -> Int {
    if count * 2 >= places.count { grow() }
    var place = source.hash(ofRow: row) & (places.count - 1)
    while places[place] >= 0 {
      let known = Int(places[place])
      if rows.isRow(known, equalTo: source, row) { return known }
      place = (place + 1) & (places.count - 1)
    }
    places[place] = Int32(count)
    rows.append(row, of: source)
    return count - 1
  }

  private mutating func grow() {
    places = [Int32](repeating: -1, count: places.count * 2)
    for row in 0..<count {
      var place = rows.hash(ofRow: row) & (places.count - 1)
      while places[place] >= 0 { place = (place + 1) & (places.count - 1) }
      places[place] = Int32(row)
    }
  }
}
