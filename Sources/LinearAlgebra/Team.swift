import Dispatch
import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Threads that stay awake between short pieces of parallel work.
///
/// ``Parallelism/forEach(_:threads:_:)`` wakes a thread for each piece, which pays for long ones only. Helpers of a team
/// wait for the next piece in a loop, and doze when none comes for a while. The leader waits for no helper that has not
/// begun.
public final class Team: @unchecked Sendable {  // The gate guards what is not atomic.
  /// How many helpers are at work, and whether the gate is closed.
  private let gate = Atomic(closed)
  private static let closed = 1 << 32
  private let isEnded = Atomic(false)
  /// How many indices are handed out, and how many of them to helpers.
  private let next = Atomic(0)
  private let nextOfHelpers = Atomic(0)
  /// The piece of work; changed by the leader while the gate is closed and nobody at work.
  private var count = 0
  private var keepsThreads = false
  private var body: ((_ index: Int) -> Void)?
  private let hasHelpers: Bool

  private init(hasHelpers: Bool) { self.hasHelpers = hasHelpers }

  /// Calls `body` with a team of so many threads, that of the caller among them, on one of them.
  public static func with<Result>(threads: Int, _ body: (Team) -> Result) -> Result {
    let team = Team(hasHelpers: threads > 1)
    guard threads > 1 else { return body(team) }
    nonisolated(unsafe) let body = body
    nonisolated(unsafe) var result: Result?
    // The first iteration has begun before any other does.
    DispatchQueue.concurrentPerform(iterations: threads) { worker in
      if worker == 0 {
        result = body(team)
        team.isEnded.store(true, ordering: .releasing)
      } else {
        team.help()
      }
    }
    guard let result else { preconditionFailure("the first iteration has ended") }
    return result
  }

  /// Calls `body` once for every index below `count`, on all threads that are free. Only for the thread that leads the
  /// team.
  ///
  /// - Parameter keepsThreads: whether the leader takes indices from the lowest up and helpers from the highest down, so
  ///   that, piece after piece, most of an index's memory stays in one core's cache. Otherwise lower indices are handed
  ///   out first, so that a call may wait for those before it.
  public func forEach(
    _ count: Int, keepsThreads: Bool = false, _ body: @Sendable (_ index: Int) -> Void
  ) {
    guard hasHelpers, count > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    withoutActuallyEscaping(body) { body in
      self.count = count
      self.keepsThreads = keepsThreads
      self.body = body
      next.store(0, ordering: .relaxed)
      nextOfHelpers.store(0, ordering: .relaxed)
      gate.store(0, ordering: .releasing)
      work(isLeader: true)
      gate.bitwiseOr(Self.closed, ordering: .acquiringAndReleasing)
      Self.wait { gate.load(ordering: .acquiring) != Self.closed }
      self.body = nil
    }
  }

  /// Looks again until that is over, and soon lets other threads run: on a busy machine the one that it is about may
  /// have no core.
  public static func wait(while isGoingOn: () -> Bool) {
    var looks = 0
    while isGoingOn() {
      looks += 1
      if looks > 10_000 { sched_yield() }
    }
  }

  private func work(isLeader: Bool) {
    guard let body else { return }
    var own = 0
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      if !keepsThreads {
        body(index)
      } else if isLeader {
        body(own)
        own += 1
      } else {
        body(count - 1 - nextOfHelpers.wrappingAdd(1, ordering: .relaxed).oldValue)
      }
    }
  }

  private func help() {
    // So many looks at the gate take some twenty microseconds.
    let patience = 50_000
    var looks = 0
    while !isEnded.load(ordering: .acquiring) {
      let open = gate.load(ordering: .relaxed)
      if open < Self.closed,
        gate.compareExchange(expected: open, desired: open + 1, ordering: .acquiring).exchanged
      {
        work(isLeader: false)
        gate.wrappingSubtract(1, ordering: .releasing)
        looks = 0
        // Nothing is left of this piece.
        Self.wait {
          gate.load(ordering: .relaxed) < Self.closed && !isEnded.load(ordering: .relaxed)
        }
      } else {
        looks += 1
        if looks > patience { usleep(100) }
      }
    }
  }
}
