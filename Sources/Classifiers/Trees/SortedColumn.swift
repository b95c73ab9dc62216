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
          buffer[row] = UInt64(Self.orderedBits(value)) << 32 | UInt64(row)
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
          values.append(Self.value(orderedBits: bits))
          previous = bits
        }
        buffer[Int(entry & 0xffff_ffff)] = UInt32(values.count - 1)
      }
      initialized = count
    }
    self.values = values
    self.ranks = ranks
  }

  /// Bits whose order as whole numbers is the order of the finite values.
  private static func orderedBits(_ value: Float) -> UInt32 {
    let bits = value.bitPattern
    return bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
  }

  private static func value(orderedBits bits: UInt32) -> Float {
    Float(bitPattern: bits & 0x8000_0000 == 0 ? ~bits : bits & 0x7fff_ffff)
  }
}
