import TestSupport
import Testing

@testable import Evaluation

@Suite struct `Order statistics` {
  @Test(arguments: 0..<40)
  func `order statistics are the numbers that sorting puts there`(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let count = Int.random(in: 1...3000, using: &generator)
    // Few different numbers, and some far from all others, in every other case.
    let values = (0..<count).map { _ in
      let value = Double.random(in: -1...1, using: &generator)
      return seed % 2 == 0 ? value : (value * value * value * value * 20).rounded() / 7
    }
    let sorted = values.sorted()
    var ordered = OrderStatistics(values)
    for place in [0, count / 40, count / 2, count * 39 / 40, count - 1] {
      #expect(ordered.value(at: place) == sorted[place])
    }
    #expect(ordered.quantile(0) == sorted[0])
    #expect(ordered.quantile(1) == sorted[count - 1])
  }

  @Test func `order statistics take equal, infinite and distant numbers`() {
    var same = OrderStatistics([3, 3, 3])
    #expect(same.value(at: 2) == 3)
    var infinite = OrderStatistics([.infinity, 0, -.infinity, 1])
    #expect((0..<4).map { infinite.value(at: $0) } == [-.infinity, 0, 1, .infinity])
    let most = Double.greatestFiniteMagnitude
    var far = OrderStatistics([most, 0, -most])
    #expect((0..<3).map { far.value(at: $0) } == [-most, 0, most])
  }

  @Test func `quantiles are interpolated between two places`() {
    var ordered = OrderStatistics([4, 1, 2, 3])
    #expect(ordered.quantile(0.5) == 2.5)
  }
}
