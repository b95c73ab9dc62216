import LinearAlgebra

/// One feature's distinct values and every sample's rank among them.
///
/// A missing value, NaN, counts as infinity, which no feature has: it gets the last rank.
struct RankedColumn: Sendable {
  /// Ascending.
  let values: [Float]
  let ranks: [UInt32]

  /// If there are few distinct values, only these are sorted, and each sample's value is looked up, which is faster
  /// than sorting all samples.
  init(_ features: Matrix, column: Int) {
    let count = features.rowCount
    let width = features.columnCount
    let bits = [UInt32](unsafeUninitializedCapacity: count) { buffer, initialized in
      features.elements.withUnsafeBufferPointer { elements in
        for row in 0..<count {
          // Adding zero turns −0 into 0.
          let value = Float(elements[row &* width &+ column]) + 0
          buffer[row] = (value.isNaN ? .infinity : value).orderedBits
        }
      }
      initialized = count
    }
    if let distinct = DistinctNumbers(bits) {
      let order = RadixSort.ascending(distinct.numbers)
      var rankOf = [UInt32](repeating: 0, count: order.count)
      for (rank, key) in order.enumerated() { rankOf[Int(key & 0xffff_ffff)] = UInt32(rank) }
      values = order.map { Float(orderedBits: UInt32($0 >> 32)) }
      ranks = distinct.places.map { rankOf[Int($0)] }
    } else {
      let order = RadixSort.ascending(bits)
      var values: [Float] = []
      ranks = [UInt32](unsafeUninitializedCapacity: count) { buffer, initialized in
        var previous: UInt32?
        for key in order {
          let bits = UInt32(key >> 32)
          if bits != previous {
            values.append(Float(orderedBits: bits))
            previous = bits
          }
          buffer[Int(key & 0xffff_ffff)] = UInt32(values.count - 1)
        }
        initialized = count
      }
      self.values = values
    }
  }
}

extension Float {
  /// Bits whose order as whole numbers is the order of the values.
  var orderedBits: UInt32 {
    bitPattern & 0x8000_0000 == 0 ? bitPattern | 0x8000_0000 : ~bitPattern
  }

  init(orderedBits bits: UInt32) {
    self.init(bitPattern: bits & 0x8000_0000 == 0 ? ~bits : bits & 0x7fff_ffff)
  }
}
