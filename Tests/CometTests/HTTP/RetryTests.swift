import Comet
import Support
import TestSupport
import Testing

private func answer(_ status: Int, _ headers: [HTTPHeader] = []) -> HTTPTransport.Outcome {
  .success(HTTPResponse(status: status, headers: headers))
}

private func failure(_ kind: TransportError.Kind) -> HTTPTransport.Outcome {
  .failure(TransportError(kind, "GET /: made up"))
}

@Suite struct `A retry policy` {
  let policy = RetryPolicy(
    maximumAttempts: 6, firstDelay: 1, longestDelay: 8, throttleDelay: 60)

  private func verdict(
    _ outcome: HTTPTransport.Outcome, attempt: Int = 1, random: Double = 1
  ) -> RetryPolicy.Verdict {
    policy.verdict(on: outcome, attempt: attempt, now: 1000, random: random)
  }

  @Test(arguments: [200, 201, 204, 301, 400, 401, 402, 403, 404, 405, 413, 501])
  func `a request is not repeated after a final answer`(status: Int) {
    #expect(verdict(answer(status)) == .stands)
  }

  @Test(arguments: [500, 502, 503, 504])
  func `a request is repeated after a server's failure, after twice the time each time`(
    status: Int
  ) {
    let waits = (1...5).map { verdict(answer(status), attempt: $0) }
    #expect(waits == [1, 2, 4, 8, 8].map { .again(after: $0) })
    #expect(verdict(answer(status), attempt: 6) == .stands)
  }

  @Test func `the wait before a retry is drawn from nothing to its limit`() {
    #expect(verdict(answer(503), attempt: 3, random: 0) == .again(after: 0))
    #expect(verdict(answer(503), attempt: 3, random: 0.25) == .again(after: 1))
  }

  @Test func `only a broken connection or a time-out leads to a retry`() {
    #expect(verdict(failure(.connection)) == .again(after: 1))
    #expect(verdict(failure(.timeout)) == .again(after: 1))
    for kind in [TransportError.Kind.certificate, .request, .tooLarge, .cancelled] {
      #expect(verdict(failure(kind)) == .stands)
    }
  }

  @Test func `429 pauses all requests for as long as the server says`() {
    #expect(verdict(answer(429)) == .pause(60))
    #expect(verdict(answer(429, [HTTPHeader("Retry-After", "7")])) == .pause(7))
    #expect(verdict(answer(429, [HTTPHeader("retry-after-custom", "2.5")])) == .pause(2.5))
    #expect(
      verdict(
        answer(429, [HTTPHeader("Retry-After", "7"), HTTPHeader("Retry-After-Custom", "2")]))
        == .pause(2))
    #expect(verdict(answer(429, [HTTPHeader("Retry-After", "soon")])) == .pause(60))
    #expect(verdict(answer(429, [HTTPHeader("Retry-After", "-3")])) == .pause(0))
  }

  /// The three forms of RFC 9110, section 5.6.7.
  @Test(arguments: [
    "Sun, 09 Sep 2001 01:46:40 GMT", "Sunday, 09-Sep-01 01:46:40 GMT", "Sun Sep  9 01:46:40 2001",
  ])
  func `a date in Retry-After is understood`(date: String) {
    // 2001-09-09 01:46:40 is 1,000,000,000 seconds after 1970.
    let header = HTTPHeader("Retry-After", date)
    let verdict = policy.verdict(
      on: answer(429, [header]), attempt: 1, now: 999_999_990, random: 0)
    #expect(verdict == .pause(10))
    let late = policy.verdict(
      on: answer(429, [header]), attempt: 1, now: 1_000_000_010, random: 0)
    #expect(late == .pause(0))
  }

  @Test func `a web page counts as the failure of something between client and server`() {
    #expect(
      verdict(answer(200, [HTTPHeader("Content-Type", "text/html; charset=utf-8")]))
        == .again(after: 1))
    #expect(verdict(answer(200, [HTTPHeader("Content-Type", "application/json")])) == .stands)
  }

  @Test func `a request waits at least as long as a 503 asks for`() {
    #expect(verdict(answer(503, [HTTPHeader("Retry-After", "30")])) == .again(after: 30))
    #expect(verdict(answer(503, [HTTPHeader("Retry-After", "0")])) == .again(after: 1))
  }
}

@Suite struct `A circuit` {
  @Test func `a circuit opens after enough failures in a row over enough time`() {
    var circuit = Circuit(failureLimit: 3, patience: 5)
    circuit.recordFailure(at: 0)
    circuit.recordFailure(at: 1)
    circuit.recordFailure(at: 4)
    #expect(!circuit.isOpen)
    circuit.recordFailure(at: 5)
    #expect(circuit.isOpen)
  }

  @Test func `a circuit starts again with every success`() {
    var circuit = Circuit(failureLimit: 2, patience: 0)
    for time in 0..<10 {
      circuit.recordFailure(at: Double(time))
      circuit.recordSuccess()
    }
    #expect(!circuit.isOpen)
  }
}

/// Time that stands still until something waits.
private final class FakeTime: Sendable {
  private let state = Mutex(State())

  private struct State {
    var now = 0.0
    var waits: [Double] = []
  }

  var waits: [Double] { state.withLock(\.waits) }

  var clock: RetryClock {
    RetryClock(
      now: { self.state.withLock(\.now) }, random: { 0.5 },
      schedule: { seconds, body in
        self.state.withLock { state in
          state.now += seconds
          state.waits.append(seconds)
        }
        body()
      })
  }
}

@Suite struct `A retrying transport` {
  private func outcome(
    _ outcomes: [HTTPTransport.Outcome], circuit: Circuit = Circuit(),
    policy: RetryPolicy = RetryPolicy(firstDelay: 1)
  ) -> (outcome: HTTPTransport.Outcome?, waits: [Double], sent: Int) {
    let time = FakeTime()
    let recorder = RecordingTransport { _, number in outcomes[min(number, outcomes.count - 1)] }
    let transport = RetryingTransport(
      recorder, policy: policy, circuit: circuit, clock: time.clock)
    let result = Mutex<HTTPTransport.Outcome?>(nil)
    transport.start(HTTPRequest(.get, "http://example.invalid/")) { outcome in
      result.withLock { $0 = outcome }
    }
    return (result.withLock { $0 }, time.waits, recorder.requests.count)
  }

  @Test func `a retrying transport returns the first final outcome`() {
    let (outcome, waits, sent) = outcome([failure(.connection), answer(502), answer(200)])
    #expect(outcome == answer(200))
    #expect(waits == [0.5, 1])
    #expect(sent == 3)
  }

  @Test func `a retrying transport gives up after the last attempt`() {
    let (outcome, _, sent) = outcome([answer(500)], policy: RetryPolicy(maximumAttempts: 4))
    #expect(outcome == answer(500))
    #expect(sent == 4)
  }

  @Test func `a retrying transport sends nothing during a pause`() {
    let (outcome, waits, _) = outcome([
      answer(429, [HTTPHeader("Retry-After", "3")]), answer(429), answer(200),
    ])
    #expect(outcome == answer(200))
    #expect(waits == [3, 60])
  }

  @Test func `a retrying transport ends everything when the circuit opens`() {
    let (outcome, _, sent) = outcome(
      [failure(.connection)], circuit: Circuit(failureLimit: 3, patience: 0))
    #expect(outcome == failure(.connection))
    #expect(sent == 3)
  }

  @Test func `a retrying transport ends what waits when it is cancelled`() {
    // A clock that never comes back.
    let clock = RetryClock(now: { 0 }, random: { 0 }, schedule: { _, _ in })
    let transport = RetryingTransport(
      RecordingTransport { _, _ in failure(.timeout) }, clock: clock)
    let kinds = Mutex<[TransportError.Kind]>([])
    let note: @Sendable (HTTPTransport.Outcome) -> Void = { outcome in
      if case .failure(let error) = outcome { kinds.withLock { $0.append(error.kind) } }
    }
    transport.start(HTTPRequest(.get, "http://example.invalid/"), completion: note)
    #expect(kinds.withLock { $0 }.isEmpty)
    transport.cancel()
    transport.start(HTTPRequest(.get, "http://example.invalid/"), completion: note)
    #expect(kinds.withLock { $0 } == [.cancelled, .cancelled])
  }
}
