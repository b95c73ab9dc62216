import Dispatch
import Support

/// Runs independent work on several threads.
public enum Parallelism {
  /// Calls `body` once for every index below `count`, in any order and on up to `threads` threads.
  ///
  /// Indices are handed out one at a time, so put long work first. `body` gets the index and the number of
  /// the worker that runs it (below `threads`), for scratch memory of its own.
  public static func forEach(
    _ count: Int, threads: Int, _ body: @Sendable (_ index: Int, _ worker: Int) -> Void
  ) {
    let workers = min(threads, count)
    guard workers > 1 else {
      for index in 0..<count { body(index, 0) }
      return
    }
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index, worker)
      }
    }
  }

  /// The results of `transform` for every index below `count`, in order.
  public static func map<Result: Sendable>(
    _ count: Int, threads: Int, _ transform: @Sendable (_ index: Int, _ worker: Int) -> Result
  ) -> [Result] {
    [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
      nonisolated(unsafe) let results = buffer
      forEach(count, threads: threads) { index, worker in
        results.initializeElement(at: index, to: transform(index, worker))
      }
      initialized = count
    }
  }

  /// The results of two pieces of work, done at the same time if there are two threads.
  public static func both<First: Sendable, Second: Sendable>(
    threads: Int, _ first: @Sendable () -> First, _ second: @Sendable () -> Second
  ) -> (First, Second) {
    nonisolated(unsafe) var results: (First?, Second?) = (nil, nil)
    let lock = Mutex(())
    forEach(2, threads: threads) { index, _ in
      if index == 0 {
        let result = first()
        lock.withLock { _ in results.0 = result }
      } else {
        let result = second()
        lock.withLock { _ in results.1 = result }
      }
    }
    guard let first = results.0, let second = results.1 else {
      preconditionFailure("both pieces of work have ended")
    }
    return (first, second)
  }
}
