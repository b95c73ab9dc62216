import Dispatch

/// Shows on standard error how far the work is.
///
/// On a terminal one line is overwritten, at most a few times a second; a log gets a line a minute.
public final class ProgressDisplay: Sendable {
  public enum Level: Sendable {
    case quiet
    case normal
    case verbose
  }

  private let level: Level
  private let isTerminal: Bool
  private let show: @Sendable (String) -> Void
  private let state = Mutex(State())
  /// Set once, before anybody else knows of this.
  private nonisolated(unsafe) var timer: (any DispatchSourceTimer)?

  private struct State {
    var work: Work?
  }

  /// Something long that is made of steps.
  private struct Work {
    let title: String
    /// 0 where it is not known yet, or where there are no steps.
    var total: Int
    /// Whether its end is worth a line.
    var isTold = true
    let start = ContinuousClock.now
    var finished = 0
    /// Steps that took no time, because their results were there already.
    var known = 0

    var text: String {
      let elapsed = ContinuousClock.now - start
      let made = finished - known
      let text = "\(title): \(finished) of \(total), \(ProgressDisplay.text(elapsed))"
      guard made > 0, finished < total else { return text }
      return text + ", about \(ProgressDisplay.text(elapsed * (total - finished) / made)) left"
    }
  }

  /// - Parameters:
  ///   - isTerminal: whether a line may be written over.
  ///   - show: writes text as it is.
  public init(
    _ level: Level, isTerminal: Bool = StandardError.isTerminal,
    show: @escaping @Sendable (String) -> Void = { StandardError.draw($0) }
  ) {
    self.level = level
    self.isTerminal = isTerminal
    self.show = show
    guard level != .quiet else { return }
    let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "progress"))
    let pause: DispatchTimeInterval = isTerminal ? .milliseconds(500) : .seconds(60)
    timer.schedule(deadline: .now() + pause, repeating: pause)
    timer.setEventHandler { [weak self] in
      guard let self else { return }
      state.withLock { tell($0) }
    }
    self.timer = timer
    timer.resume()
  }

  /// Writes a line, except at the quiet level.
  public func say(_ line: String) {
    guard level != .quiet else { return }
    state.withLock { _ in write(line) }
  }

  /// Writes a line at the verbose level.
  public func detail(_ line: String) {
    guard level == .verbose else { return }
    state.withLock { _ in write(line) }
  }

  /// Says what begins now, on a terminal and at the verbose level.
  public func began(_ line: String) {
    guard level == .verbose || level == .normal && isTerminal else { return }
    state.withLock { _ in write(line) }
  }

  /// Begins work of that many steps.
  public func begin(_ title: String, total: Int) {
    state.withLock { $0.work = Work(title: title, total: total) }
  }

  /// Begins work that may turn out to have steps, and whose end is not worth a line.
  public func watch(_ title: String) {
    began(title)
    state.withLock { $0.work = Work(title: title, total: 0, isTold: false) }
  }

  /// Counts a step of the work.
  ///
  /// - Parameter wasKnown: whether its result was there already.
  public func step(wasKnown: Bool) {
    state.withLock { state in
      state.work?.finished += 1
      if wasKnown { state.work?.known += 1 }
    }
  }

  /// Sets how far the work is, where something else counts its steps.
  public func reach(_ finished: Int, of total: Int) {
    state.withLock { state in
      state.work?.finished = finished
      state.work?.total = total
    }
  }

  public func end() {
    state.withLock { state in
      guard let work = state.work else { return }
      state.work = nil
      if level != .quiet, work.isTold {
        write("\(work.title): \(work.finished) of \(work.total), \(Self.text(.now - work.start))")
      }
    }
  }

  private func tell(_ state: borrowing State) {
    guard let work = state.work, work.total > 0 else { return }
    let text = SafeText.line(work.text)
    show(isTerminal ? Self.overwriting + text : text + "\n")
  }

  private func write(_ line: String) {
    show((isTerminal ? Self.overwriting : "") + SafeText.line(line) + "\n")
  }

  /// Goes to the beginning of the line and clears it.
  private static let overwriting = "\r\u{1b}[K"

  /// A length of time as people read it: `4.2 s`, `1 min 20 s`, `2 h 5 min`.
  public static func text(_ duration: Duration) -> String {
    let seconds = Double(duration.components.seconds)
    if seconds < 1 { return "\(Int(duration / .milliseconds(1))) ms" }
    if seconds < 10 {
      let tenths = Int(duration / .milliseconds(100))
      return "\(tenths / 10).\(tenths % 10) s"
    }
    let whole = Int(seconds)
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}

extension ContinuousClock.Instant {
  fileprivate static func - (end: Self, start: Self) -> Duration { start.duration(to: end) }
}
