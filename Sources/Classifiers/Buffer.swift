/// Memory for a fixed number of elements, which belongs to whoever holds the value and is given back with it.
///
/// Kernels keep what they reuse in such values: an array would check every access and count its owners.
/// The elements are reached through `start`, which must not outlive the value.
struct Buffer<Element: ~Copyable>: ~Copyable {
  let start: UnsafeMutablePointer<Element>
  let count: Int

  /// The bytes of a cache line, so that no buffer shares one and vectors may be read at its start.
  private static var alignment: Int { 64 }

  /// Takes memory, all of which `initialize` must fill.
  init(count: Int, _ initialize: (UnsafeMutablePointer<Element>) -> Void) {
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Element>.stride,
      alignment: max(Self.alignment, MemoryLayout<Element>.alignment))
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

  /// Memory that is written before it is read.
  init(uninitializedCount count: Int) { self.init(count: count) { _ in } }
}
