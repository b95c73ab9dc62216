import Support
import Testing

@Suite struct `A progress display` {
  private final class Screen: Sendable {
    let text = Mutex("")
    func show(_ new: String) { text.withLock { $0 += new } }
    var shown: String { text.withLock { $0 } }
  }

  private func display(
    _ level: ProgressDisplay.Level, isTerminal: Bool = false, _ screen: Screen
  ) -> ProgressDisplay {
    ProgressDisplay(level, isTerminal: isTerminal) { screen.show($0) }
  }

  @Test(
    arguments: [
      (.quiet, false, ""), (.normal, false, "said\n"), (.verbose, false, "said\nbegan\ndetail\n"),
      (.normal, true, "\r\u{1b}[Ksaid\n\r\u{1b}[Kbegan\n"),
    ] as [(ProgressDisplay.Level, Bool, String)])
  func `a progress display says as much as its level asks for`(
    level: ProgressDisplay.Level, isTerminal: Bool, expected: String
  ) {
    let screen = Screen()
    let progress = display(level, isTerminal: isTerminal, screen)
    progress.say("said")
    progress.began("began")
    progress.detail("detail")
    #expect(screen.shown == expected)
  }

  @Test func `a progress display tells at the end how many steps were made`() {
    let screen = Screen()
    let progress = display(.normal, screen)
    progress.begin("Runs", total: 3)
    progress.step(wasKnown: true)
    progress.step(wasKnown: false)
    progress.end()
    progress.end()
    progress.watch("Fitting RandomForest")
    progress.reach(3, of: 10)
    progress.end()
    #expect(screen.shown.hasPrefix("Runs: 2 of 3, "))
    #expect(screen.shown.split(separator: "\n").count == 1)
  }

  @Test(arguments: [
    (0.25, "250 ms"), (4.25, "4.2 s"), (42.9, "42 s"), (80, "1 min 20 s"), (7500, "2 h 5 min"),
  ])
  func `a progress display writes lengths of time as people read them`(
    seconds: Double, text: String
  ) {
    #expect(ProgressDisplay.text(.seconds(seconds)) == text)
  }
}

@Suite struct `A paragraph` {
  @Test func `a paragraph is broken between words, and a long word has a line to itself`() {
    #expect(Paragraph.wrapped("a bc def ghij", width: 4) == "a bc\ndef\nghij")
    #expect(Paragraph.wrapped("a abcdefgh b", width: 4) == "a\nabcdefgh\nb")
    #expect(Paragraph.wrapped("", width: 4) == "")
  }
}
