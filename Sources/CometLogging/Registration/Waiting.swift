import Dispatch
import Support

/// Asynchronous work in a command that is not.
enum Waiting {
  /// Does the work on other threads, and lets this one wait for its end.
  static func wait(_ work: @escaping @Sendable () async throws -> Void) throws {
    let isDone = DispatchSemaphore(value: 0)
    let failure = Failed()
    Task {
      do {
        try await work()
      } catch {
        failure.error.withLock { $0 = error }
      }
      isDone.signal()
    }
    isDone.wait()
    if let error = failure.error.withLock({ $0 }) { throw error }
  }

  private final class Failed: Sendable {
    let error = Mutex<(any Error)?>(nil)
  }
}
