import Dispatch

/// Work on independent indices.
enum SharedWork {
  /// Calls `body` once for every index below `count`: in any order on several threads, or in order where
  /// only one may work.
  static func forEach(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Void) {
    guard threads > 1, count > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    DispatchQueue.concurrentPerform(iterations: count, execute: body)
  }

  /// The same for ranges of about `size` indices that make up all below `count`.
  static func forEachRange(
    of size: Int, upTo count: Int, threads: Int, _ body: @Sendable (Range<Int>) -> Void
  ) {
    forEach((count + size - 1) / size, threads: threads) { number in
      body(number * size..<min(count, (number + 1) * size))
    }
  }
}
