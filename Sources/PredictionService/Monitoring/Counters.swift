import Support

/// Counters that any number of threads may increase.
final class Counters: Sendable {
  let count: Int
  private nonisolated(unsafe) let places: UnsafeMutablePointer<Atomic<Int>>

  init(_ count: Int) {
    self.count = count
    places = .allocate(capacity: count)
    for index in 0..<count { (places + index).initialize(to: Atomic(0)) }
  }

  deinit {
    places.deinitialize(count: count)
    places.deallocate()
  }

  func add(_ amount: Int = 1, to index: Int) {
    precondition(index >= 0 && index < count, "there are \(count) counts")
    places[index].add(amount, ordering: .relaxed)
  }

  subscript(index: Int) -> Int {
    precondition(index >= 0 && index < count, "there are \(count) counts")
    return places[index].load(ordering: .relaxed)
  }

  var values: [Int] { (0..<count).map { self[$0] } }
}
