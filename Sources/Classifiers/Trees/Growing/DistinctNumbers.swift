/// The distinct numbers of an array, in the order of their first occurrence.
struct DistinctNumbers {
  private(set) var numbers: [UInt32] = []
  /// The index in `numbers` of each given number.
  private(set) var places: [UInt32] = []

  /// They and the table with twice as many slots stay in a second-level cache.
  private static let mostNumbers = 1 << 14
  private static let empty = UInt32.max

  /// - Returns: `nil` if there are more than 2¹⁴.
  init?(_ given: [UInt32]) {
    numbers.reserveCapacity(min(given.count, Self.mostNumbers))
    // At most half full, and grown on demand, so that few numbers need a small table.
    var bitCount = 8
    var slots = [UInt32](repeating: Self.empty, count: 1 << bitCount)
    var isTooMany = false
    places = [UInt32](unsafeUninitializedCapacity: given.count) { places, initialized in
      for (index, number) in given.enumerated() {
        var slot = Self.slot(of: number, bitCount)
        while true {
          let place = slots[slot]
          if place == Self.empty {
            if numbers.count == Self.mostNumbers {
              isTooMany = true
              return
            }
            slots[slot] = UInt32(numbers.count)
            places[index] = UInt32(numbers.count)
            numbers.append(number)
            if numbers.count > slots.count / 2 {
              bitCount += 1
              slots = Self.slots(of: numbers, bitCount)
            }
            break
          }
          if numbers[Int(place)] == number {
            places[index] = place
            break
          }
          slot = (slot &+ 1) & (slots.count &- 1)
        }
      }
      initialized = given.count
    }
    if isTooMany { return nil }
  }

  private static func slots(of numbers: [UInt32], _ bitCount: Int) -> [UInt32] {
    var slots = [UInt32](repeating: empty, count: 1 << bitCount)
    for (place, number) in numbers.enumerated() {
      var slot = slot(of: number, bitCount)
      while slots[slot] != empty { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(place)
    }
    return slots
  }

  /// Multiplicative hashing by the golden ratio, as Knuth describes it (The Art of Computer Programming,
  /// volume 3, section 6.4).
  private static func slot(of number: UInt32, _ bitCount: Int) -> Int {
    Int(truncatingIfNeeded: (number &* 0x9E37_79B1) &>> UInt32(truncatingIfNeeded: 32 &- bitCount))
  }
}
