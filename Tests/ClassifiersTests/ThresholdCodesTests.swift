import TestSupport
import Testing

@testable import Classifiers

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

@Suite struct `Codes of values among thresholds` {
  /// Evenly spread, crowded at one end, of all magnitudes, next to each other, few, and too far apart for a range.
  private static let lists: [[Double]] = [
    (0..<1000).map { Double($0) / 7 - 20 },
    (0..<300).map { 1 + Double($0) * 0x1p-20 } + [1e6],
    (-90..<90).map { -exp(-Double($0) / 3) } + [0] + (-90..<90).map { exp(Double($0) / 3) },
    (0..<40).map { 1 + Double($0) * 0x1p-23 },
    [], [2.5], [-0.5, 0.5], [-3e38, 3, 3e38],
  ]

  @Test(arguments: lists.indices)
  func `are how many thresholds a value exceeds`(number: Int) {
    check(Self.lists[number])
    var single: [Float] = []
    for threshold in Self.lists[number].map({ Float($0) }) where threshold != single.last {
      single.append(threshold)
    }
    check(single)
  }

  private func check<Value: CodedValue>(_ thresholds: [Value]) {
    // The largest finite number only separates missing values, and is not counted.
    for given in [thresholds, thresholds + [.greatestFiniteMagnitude]] {
      let codes = ThresholdCodes(given, missingCode: 77)
      #expect(codes.count == given.count)
      codes.withCodes { code in
        for value in values(around: thresholds) {
          #expect(Int(code(value)) == thresholds.count { $0 < value }, "\(value)")
        }
        #expect(code(.nan) == 77)
      }
    }
  }

  private func values<Value: CodedValue>(around thresholds: [Value]) -> [Value] {
    var generator = SeededGenerator(seed: 5)
    let (low, high) = (thresholds.first ?? -1, thresholds.last ?? 1)
    let between = (0..<500).map { _ in
      let share = Value(Double.random(in: -0.1...1.1, using: &generator))
      return low + share * high - share * low
    }
    let extremes: [Value] = [0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity]
    return thresholds.flatMap { [$0.nextDown, $0, $0.nextUp] } + between + extremes
      + extremes.map { -$0 }
  }
}
