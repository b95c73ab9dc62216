import Testing

@testable import Report

@Suite struct `Ticks of an axis` {
  @Test func `are multiples of one, two or five`() {
    #expect(Ticks(over: 0...1, count: 5).values == [0, 0.2, 0.4, 0.6, 0.8, 1])
  }
}
