import LinearAlgebra

/// One feature's distinct values and every sample's rank among them.
struct SortedColumn: Sendable {
  let values: [Float]
  let ranks: [UInt32]

  init(_ features: Matrix, column: Int) {
    let count = features.rowCount
    let width = features.columnCount
    var entries = [UInt64](unsafeUninitializedCapacity: count) { buffer, initialized in
      features.elements.withUnsafeBufferPointer { elements in
        for row in 0..<count {
          // Adding zero turns −0 into 0, which are one value.
          let value = Float(elements[row * width + column]) + 0
          buffer[row] = UInt64(value.orderedBits) << 32 | UInt64(row)
        }
      }
      initialized = count
    }
    RadixSort.sort(&entries, bits: 32..<64)

    var values: [Float] = []
    let ranks = [UInt32](unsafeUninitializedCapacity: count) { buffer, initialized in
      var previous: UInt32?
      for entry in entries {
        let bits = UInt32(entry >> 32)
        if bits != previous {
          values.append(Float(orderedBits: bits))
          previous = bits
        }
        buffer[Int(entry & 0xffff_ffff)] = UInt32(values.count - 1)
      }
      initialized = count
    }
    self.values = values
    self.ranks = ranks
  }
}

extension Float {
  /// Bits whose order as whole numbers is the order of the finite values.
  var orderedBits: UInt32 {
    bitPattern & 0x8000_0000 == 0 ? bitPattern | 0x8000_0000 : ~bitPattern
  }

  init(orderedBits bits: UInt32) {
    self.init(bitPattern: bits & 0x8000_0000 == 0 ? ~bits : bits & 0x7fff_ffff)
  }
}
