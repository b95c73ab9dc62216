internal import CMemory

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The parts into which the C library divides the heap.
public enum HeapArenas {
  /// Lets so many threads share half as many arenas, at least one, unless MALLOC_ARENA_MAX is set. Otherwise each thread
  /// has its own, and what is freed there is of no use to others: parallel work leaves a fifth more memory behind.
  public static func share(threads: Int) {
    guard getenv("MALLOC_ARENA_MAX") == nil else { return }
    limit_heap_arenas(Int32(max(1, threads / 2)))
  }
}
