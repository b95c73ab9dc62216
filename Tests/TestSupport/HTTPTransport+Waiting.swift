public import Comet
import Dispatch
import Support

extension HTTPTransport {
  /// Sends a request, and lets this thread wait for the answer.
  ///
  /// A test that suspends may go on minutes later where the machine is busy, and its connections are
  /// gone by then.
  public func answer(to request: HTTPRequest) throws(TransportError) -> HTTPResponse {
    let arrived = Arrived()
    start(request) { outcome in
      arrived.outcome.withLock { $0 = outcome }
      arrived.signal.signal()
    }
    arrived.signal.wait()
    guard let outcome = arrived.outcome.withLock({ $0 }) else {
      preconditionFailure("an exchange has an outcome when it has ended")
    }
    return try outcome.get()
  }
}

private final class Arrived: Sendable {
  let outcome = Mutex<HTTPTransport.Outcome?>(nil)
  let signal = DispatchSemaphore(value: 0)
}
