import Support

/// A transport that repeats requests which failed for a temporary reason.
///
/// When the server asks for a pause, all requests wait. When the circuit opens, or the server's
/// certificate is not trusted, all waiting and new requests end with that failure.
public final class RetryingTransport: HTTPTransport {
  private let transport: any HTTPTransport
  private let policy: RetryPolicy
  private let clock: RetryClock
  private let state: Mutex<State>

  private struct State {
    var circuit: Circuit
    /// What opened the circuit, or that all was cancelled.
    var ended: TransportError?
    /// Nothing is sent before this time.
    var pausedUntil = 0.0
    /// Requests between two attempts, by their numbers.
    var waiting: [Int: Completion] = [:]
    var lastNumber = 0
  }

  private typealias Completion = @Sendable (Outcome) -> Void

  public init(
    _ transport: any HTTPTransport, policy: RetryPolicy = RetryPolicy(),
    circuit: Circuit = Circuit(), clock: RetryClock = .system
  ) {
    self.transport = transport
    self.policy = policy
    self.clock = clock
    state = Mutex(State(circuit: circuit))
  }

  /// Why nothing is sent any more; `nil` while requests are sent.
  public var ended: TransportError? { state.withLock(\.ended) }

  public func start(
    _ request: HTTPRequest, completion: @escaping @Sendable (Outcome) -> Void
  ) {
    attempt(1, request, completion)
  }

  public func cancel() {
    end(TransportError(.cancelled, "sending was ended"))
    transport.cancel()
  }

  public func close() {
    end(TransportError(.cancelled, "sending was ended"))
    transport.close()
  }

  private func attempt(_ number: Int, _ request: HTTPRequest, _ completion: @escaping Completion) {
    let now = clock.now()
    let (ended, pause) = state.withLock { ($0.ended, $0.pausedUntil - now) }
    if let ended {
      completion(.failure(ended))
    } else if pause > 0 {
      wait(pause, number, request, completion)
    } else {
      transport.start(request) { self.judge($0, number, request, completion) }
    }
  }

  private func wait(
    _ seconds: Double, _ number: Int, _ request: HTTPRequest, _ completion: @escaping Completion
  ) {
    let ticket = state.withLock { state in
      state.lastNumber += 1
      state.waiting[state.lastNumber] = completion
      return state.lastNumber
    }
    clock.schedule(seconds) {
      // It is no longer there when everything was ended meanwhile.
      guard self.state.withLock({ $0.waiting.removeValue(forKey: ticket) }) != nil else { return }
      self.attempt(number, request, completion)
    }
  }

  private func judge(
    _ outcome: Outcome, _ number: Int, _ request: HTTPRequest, _ completion: @escaping Completion
  ) {
    let now = clock.now()
    if let failure = record(outcome, at: now) { end(failure) }
    switch policy.verdict(on: outcome, attempt: number, now: now, random: clock.random()) {
    case .stands:
      completion(outcome)
    case .again(let delay):
      if let ended {
        completion(.failure(ended))
      } else {
        wait(delay, number + 1, request, completion)
      }
    case .pause(let delay):
      state.withLock { $0.pausedUntil = max($0.pausedUntil, now + delay) }
      attempt(number + 1, request, completion)
    }
  }

  /// Counts an outcome; returns the failure that opened the circuit, if it is open now.
  private func record(_ outcome: Outcome, at now: Double) -> TransportError? {
    let failure: TransportError
    switch outcome {
    case .failure(let error):
      if error.kind == .certificate { return error }
      guard error.isTemporary else { return nil }
      failure = error
    case .success(let response):
      guard response.isTemporaryFailure else {
        state.withLock { $0.circuit.recordSuccess() }
        return nil
      }
      failure = TransportError(
        .connection, "the server answered with status \(response.status) again and again")
    }
    return state.withLock { state in
      state.circuit.recordFailure(at: now)
      return state.circuit.isOpen ? failure : nil
    }
  }

  private func end(_ error: TransportError) {
    let waiting = state.withLock { state in
      if state.ended == nil { state.ended = error }
      defer { state.waiting = [:] }
      return state.waiting
    }
    for completion in waiting.values { completion(.failure(error)) }
  }
}
