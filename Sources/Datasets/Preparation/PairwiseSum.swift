/// Sums in numpy's order, so that they are rounded as in numpy: halves of the array, down to runs of at most 128,
/// each with eight accumulators.
///
/// - SeeAlso: Higham, "The accuracy of floating point summation", 1993, doi:10.1137/0914050.
package enum PairwiseSum {
  package static func sum(_ numbers: [Double]) -> Double {
    numbers.withUnsafeBufferPointer { $0.isEmpty ? 0 : sum($0.baseAddress!, $0.count) }
  }

  package static func sum(_ numbers: UnsafePointer<Double>, _ count: Int) -> Double {
    if count < 8 {
      var total = 0.0
      for index in 0..<count { total += numbers[index] }
      return total
    }
    if count > 128 {
      var half = count / 2
      half -= half % 8
      return sum(numbers, half) + sum(numbers + half, count - half)
    }
    var sums = UnsafeRawPointer(numbers).loadUnaligned(as: SIMD8<Double>.self)
    var index = 8
    while index + 8 <= count {
      sums += UnsafeRawPointer(numbers + index).loadUnaligned(as: SIMD8<Double>.self)
      index += 8
    }
    var total =
      ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
    while index < count {
      total += numbers[index]
      index += 1
    }
    return total
  }
}
