internal import CMemory

/// The parts into which the C library divides the heap.
public enum HeapArenas {
  /// Has so many threads share arenas, two an arena. Otherwise each thread has its own, and what is freed there is of no
  /// use to others: parallel work leaves a fifth more memory behind.
  public static func share(threads: Int) { limit_heap_arenas(Int32(max(1, threads / 2))) }
}
