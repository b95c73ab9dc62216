import Support

/// The bytes of bodies and answers that all connections together may hold, so that no number of clients takes more
/// memory than the service has.
final class MemoryBudget: Sendable {
  /// The most bytes of what counts as small. Larger bodies and answers cannot take the last quarter of the budget, so
  /// that small requests are answered meanwhile.
  static let smallSize = 16_384

  private let limit: Int
  private let used = Atomic(0)

  /// - Parameter limit: in bytes.
  init(limit: Int) { self.limit = limit }

  /// Whether there was room, which is then taken.
  fileprivate func take(_ count: Int) -> Bool {
    let limit = count > Self.smallSize ? limit / 4 * 3 : limit
    guard used.add(count, ordering: .relaxed).newValue <= limit else {
      release(count)
      return false
    }
    return true
  }

  fileprivate func release(_ count: Int) { used.subtract(count, ordering: .relaxed) }
}

/// What one connection holds of the budget.
///
/// The task of a request holds it as long as the request's body, even if the connection is closed meanwhile.
final class HeldMemory: Sendable {
  private let budget: MemoryBudget
  private let count = Atomic(0)

  init(_ budget: MemoryBudget) { self.budget = budget }
  deinit { budget.release(count.load(ordering: .relaxed)) }

  /// Whether there was room for that many bytes more.
  func add(_ count: Int) -> Bool {
    guard budget.take(count) else { return false }
    self.count.add(count, ordering: .relaxed)
    return true
  }

  func remove(_ count: Int) {
    self.count.subtract(count, ordering: .relaxed)
    budget.release(count)
  }
}
