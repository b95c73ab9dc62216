extension Array where Element == Double {
  /// The sum in numpy's order of addition, so that it is rounded alike: eight sums side by side over up
  /// to 128 numbers, and halves (of a multiple of eight numbers) added to one another above.
  func pairwiseSum() -> Double { withUnsafeBufferPointer { Self.pairwiseSum($0[...]) } }

  private static func pairwiseSum(_ numbers: Slice<UnsafeBufferPointer<Double>>) -> Double {
    let count = numbers.count
    let start = numbers.startIndex
    if count < 8 { return numbers.reduce(0, +) }
    if count > 128 {
      let middle = start + count / 2 - count / 2 % 8
      return pairwiseSum(numbers[start..<middle]) + pairwiseSum(numbers[middle...])
    }
    var sums = (0..<8).map { numbers[start + $0] }
    let end = start + count - count % 8
    for index in stride(from: start + 8, to: end, by: 8) {
      for lane in 0..<8 { sums[lane] += numbers[index + lane] }
    }
    var sum = ((sums[0] + sums[1]) + (sums[2] + sums[3]))
    sum += ((sums[4] + sums[5]) + (sums[6] + sums[7]))
    for index in end..<numbers.endIndex { sum += numbers[index] }
    return sum
  }
}
