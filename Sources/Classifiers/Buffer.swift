import Datasets

/// Memory for a fixed number of elements, which is freed when the value ends.
///
/// Kernels keep their working memory in such values: an array would check every access and count references.
/// `start` must not be used after the value has ended.
struct Buffer<Element: ~Copyable>: ~Copyable {
  let start: UnsafeMutablePointer<Element>
  let count: Int

  /// The size of a cache line in bytes: no two buffers share one, and vectors at the start are aligned.
  private static var alignment: Int { 64 }

  /// Allocates memory, all of which `initialize` must fill.
  init(count: Int, _ initialize: (UnsafeMutablePointer<Element>) -> Void) {
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Element>.stride,
      alignment: max(Self.alignment, MemoryLayout<Element>.alignment))
    LargePages.request(
      for: UnsafeMutableRawBufferPointer(
        start: bytes, count: count * MemoryLayout<Element>.stride))
    start = bytes.bindMemory(to: Element.self, capacity: count)
    self.count = count
    initialize(start)
  }

  deinit {
    start.deinitialize(count: count)
    start.deallocate()
  }
}

extension Buffer where Element: BitwiseCopyable {
  init(repeating element: Element, count: Int) {
    self.init(count: count) { $0.initialize(repeating: element, count: count) }
  }

  init(_ elements: [Element]) {
    self.init(count: elements.count) { start in
      elements.withUnsafeBufferPointer { source in
        guard let first = source.baseAddress else { return }
        start.initialize(from: first, count: source.count)
      }
    }
  }

  /// Memory that must be written before it is read.
  init(uninitializedCount count: Int) { self.init(count: count) { _ in } }
}
