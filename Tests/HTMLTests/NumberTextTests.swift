import HTML
import Support
import Testing

@Suite struct `Numbers as text` {
  @Test func `digits, groups and signs`() {
    #expect(NumberText.fixed(1234.5678, 2) == "1,234.57")
    #expect(NumberText.fixed(-0.00001, 2) == "0.00")
    #expect(NumberText.fixed(-12.5, 1) == "−12.5")
    #expect(NumberText.fixed(.nan, 2) == "–")
    #expect(NumberText.grouped(53_940) == "53,940")
    #expect(NumberText.percent(0.1234) == "12.3 %")
    #expect(NumberText.seconds(0.0421) == "42.1 ms")
    #expect(NumberText.seconds(75) == "75.0 s")
    #expect(NumberText.short(0.30000000001) == "0.3")
    #expect(NumberText.short(1.5e9) == "1.5e9")
    #expect(NumberText.coordinate(-0.004) == "0")
    #expect(NumberText.coordinate(12.3456) == "12.35")
    #expect(NumberText.coordinate(7.05) == "7.05")
  }
}
