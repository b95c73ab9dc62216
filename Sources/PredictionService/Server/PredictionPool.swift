import LinearAlgebra
import NIOPosix
import Support

#if canImport(Glibc)
  import Glibc
#endif

/// The threads on which large requests are answered.
///
/// A prediction for one row takes a few microseconds, less than a change of threads; one for many rows would let the
/// other connections of an event loop wait.
final class PredictionPool: TaskExecutor {
  private static let threads = {
    let pool = NIOThreadPool(numberOfThreads: Parallelism.availableThreads)
    pool.start()
    return pool
  }()

  /// The most requests that are answered or wait for it.
  private let limit: Int
  private let requestCount = Atomic(0)

  init(limit: Int) { self.limit = limit }

  /// Whether there is a place for a request; ``leave()`` gives it back.
  func enter() -> Bool {
    guard requestCount.add(1, ordering: .relaxed).newValue <= limit else {
      leave()
      return false
    }
    return true
  }

  func leave() { requestCount.subtract(1, ordering: .relaxed) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    Self.threads.submit { _ in
      Self.yieldToEventLoops()
      job.runSynchronously(on: self.asUnownedTaskExecutor())
    }
  }

  /// Lets the event loops have the processor first, where a thread can have a priority of its own.
  private static func yieldToEventLoops() {
    #if os(Linux)
      _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    #endif
  }
}
