import Testing

@testable import Report

@Suite struct `Scales and ticks` {
  @Test func `a scale maps its domain's ends to its range's, either way round`() {
    let scale = Scale(domain: 10...20, range: (300, 100))
    #expect(scale.position(10) == 300)
    #expect(scale.position(15) == 200)
    #expect(scale.position(20) == 100)
  }

  @Test func `a scale draws numbers outside the domain at its end`() {
    let scale = Scale(domain: 0...1, range: (0, 100))
    #expect(scale.position(-5) == 0)
    #expect(scale.position(7) == 100)
  }

  @Test func `a domain without width has one position`() {
    #expect(Scale(domain: 3...3, range: (0, 100)).position(3) == 50)
  }

  @Test(arguments: [
    (0.0...1.0, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]),
    (0.0...0.3, 3, [0, 0.1, 0.2, 0.3]),
    (-7.0...23.0, 6, [-5, 0, 5, 10, 15, 20]),
    (0.0...53_940.0, 5, [0, 10_000, 20_000, 30_000, 40_000, 50_000]),
  ])
  func `ticks are multiples of one, two or five`(
    domain: ClosedRange<Double>, count: Int, expected: [Double]
  ) {
    #expect(Ticks(over: domain, count: count).values == expected)
  }

  @Test(arguments: 0..<400)
  func `ticks lie within their domain, evenly, and are neither few nor many`(seed: Int) {
    // Widths over twelve orders of magnitude, beginnings of either sign.
    var width = 1e-6
    for _ in 0..<(seed % 40) { width *= 2 }
    let start = Double(seed - 200) * width / 37
    let ticks = Ticks(over: start...start + width, count: 5)
    #expect((2...9).contains(ticks.values.count))
    #expect(
      ticks.values.allSatisfy { $0 >= start - width * 1e-6 && $0 <= start + width * 1.000001 })
    for (value, next) in zip(ticks.values, ticks.values.dropFirst()) {
      #expect(abs(next - value - ticks.step) < ticks.step * 1e-6)
    }
    #expect(Set(ticks.labels).count == ticks.values.count, "labels differ: \(ticks.labels)")
  }

  @Test func `labels of ticks have the digits that their step needs`() {
    #expect(Ticks(over: 0...1, count: 5).labels == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(Ticks(over: 0...20_000, count: 2).labels == ["0", "10,000", "20,000"])
    #expect(Ticks(over: -0.05...0.05, count: 2).labels == ["−0.05", "0.00", "0.05"])
  }

  @Test func `a nice domain holds the numbers and ends at ticks`() {
    let domain = Ticks.niceDomain(0.13...0.87, count: 5)
    #expect(domain == 0.1...0.9)
  }
}

@Suite struct `Simplifying curves` {
  @Test func `simplifying leaves out points on a line`() {
    let points = (0...100).map { Point(Double($0), 2 * Double($0)) }
    #expect(Polyline.simplified(points, tolerance: 1e-9) == [points[0], points[100]])
  }

  @Test func `simplifying leaves no point farther from the result than the tolerance`() {
    let points = (0...2000).map { index -> Point in
      let x = Double(index) / 2000
      return Point(x, x * x * (3 - 2 * x) + (index % 7 == 0 ? 0.0004 : 0))
    }
    let kept = Polyline.simplified(points, tolerance: 0.001)
    #expect(kept.count < 60)
    for point in points {
      #expect(abs(Polyline.height(of: kept, at: point.x) - point.y) < 0.002)
    }
  }

  @Test func `simplifying never leaves more points than the limit`() {
    let zigzag = (0...5000).map { Point(Double($0), $0 % 2 == 0 ? 0 : 1) }
    #expect(Polyline.simplified(zigzag, tolerance: 0.001, limit: 300).count <= 300)
  }
}
