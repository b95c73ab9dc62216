import Support
import Testing

@Suite struct `A timestamp` {
  // 2026-01-31 23:59:59.120 UTC; 29 February exists in 2024.
  private let moment = Timestamp(milliseconds: 1_769_903_999_120)

  @Test func `a timestamp has the forms that files, protocols and people need`() {
    #expect(moment.text == "2026-01-31T23:59:59.120Z")
    #expect(moment.secondText == "2026-01-31T23:59:59Z")
    #expect(moment.fileNameText == "20260131T235959Z")
    #expect(moment.minuteText == "2026-01-31 23:59 UTC")
    #expect(moment.httpText == "Sat, 31 Jan 2026 23:59:59 GMT")
    #expect(Timestamp(milliseconds: 1_709_164_800_007).text == "2024-02-29T00:00:00.007Z")
  }

  @Test func `a timestamp counts from 1970`() {
    #expect(moment.milliseconds == 1_769_903_999_120)
    #expect(moment.seconds == 1_769_903_999.12)
    #expect(moment > Timestamp(milliseconds: 0))
  }

  @Test func `a timestamp is taken from the clock`() {
    #expect(Timestamp.now > moment)
  }

  @Test func `a timestamp is not the processor's time, which never goes back`() {
    let before = ProcessorTime.used
    while ProcessorTime.used == before {}
    #expect(ProcessorTime.used > before)
  }
}
