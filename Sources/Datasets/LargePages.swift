#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Memory of many megabytes in pages of two, where the system has them on request.
///
/// In pages of four kilobytes, new memory takes a third of the time of reading a large table.
package enum LargePages {
  private static let pageSize = 2 << 20
  /// With less, the gain is smaller than the cost of a partly used page.
  private static let leastByteCount = 8 * pageSize

  /// Requests large pages for memory that was not written to yet.
  package static func request(for memory: UnsafeMutableRawBufferPointer) {
    #if canImport(Glibc)
      guard memory.count >= leastByteCount, let start = memory.baseAddress else { return }
      let first = start.alignedUp(toMultipleOf: pageSize)
      let byteCount = (memory.count - (first - start)) / pageSize * pageSize
      // Without large pages it only takes longer.
      _ = madvise(first, byteCount, MADV_HUGEPAGE)
    #endif
  }

  package static func request<Element>(for memory: UnsafeMutableBufferPointer<Element>) {
    request(for: UnsafeMutableRawBufferPointer(memory))
  }
}
