import Dispatch
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Work on independent indices, spread over threads.
public enum Parallelism {
  /// How many threads the machine gives this process.
  public static let availableThreads: Int = {
    #if canImport(Glibc)
      var set = cpu_set_t()
      if sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0 {
        let count = withUnsafeBytes(of: set) { $0.reduce(0) { $0 + $1.nonzeroBitCount } }
        if count > 0 { return count }
      }
    #endif
    return max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }()

  /// Calls `body` once for every index below `count`, in any order and on up to `threads` threads.
  ///
  /// Indices are handed out one at a time, so put large ones first. `body` gets the index and the
  /// number of the worker that runs it (below `threads`), with which it finds scratch memory.
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
}
