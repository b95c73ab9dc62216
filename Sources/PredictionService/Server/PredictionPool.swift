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
  private let isReturnPlanned = Atomic(false)

  init(limit: Int) {
    self.limit = limit
    MemoryReturn.begin()
  }

  /// Whether there is a place for a request; ``leave()`` gives it back.
  func enter() -> Bool {
    guard requestCount.add(1, ordering: .relaxed).newValue <= limit else {
      leave()
      return false
    }
    return true
  }

  func leave() {
    let isIdle = requestCount.subtract(1, ordering: .relaxed).newValue == 0
    guard isIdle, !isReturnPlanned.exchange(true, ordering: .relaxed) else { return }
    Task.detached(priority: .utility) { [self] in
      repeat {
        try? await Task.sleep(for: .seconds(1))
      } while requestCount.load(ordering: .relaxed) > 0
      isReturnPlanned.store(false, ordering: .relaxed)
      MemoryReturn.trim()
    }
  }

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

/// Gives memory back to the system that large requests have used; glibc would keep all of it for the next.
private enum MemoryReturn {
  /// Bodies and matrices get memory of their own, however often there were some before.
  static func begin() {
    #if canImport(Glibc)
      // M_MMAP_THRESHOLD
      _ = mallopt(-3, 256 << 10)
    #endif
  }

  static func trim() {
    #if canImport(Glibc)
      _ = mallocTrim(0)
    #endif
  }
}

#if canImport(Glibc)
  // Of glibc's malloc.h, which Swift's module of it leaves out.
  @_silgen_name("mallopt") private func mallopt(_ option: Int32, _ value: Int32) -> Int32
  @_silgen_name("malloc_trim") private func mallocTrim(_ kept: Int) -> Int32
#endif
