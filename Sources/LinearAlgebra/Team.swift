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
  private var body: ((_ index: Int, _ worker: Int) -> Void)?
  /// How many threads work, the leader's among them.
  public let threadCount: Int

  private init(threadCount: Int) { self.threadCount = threadCount }

  /// A thread without helpers.
  public static let alone = Team(threadCount: 1)

  /// Calls `body` with a team of so many threads, that of the caller among them, on one of them.
  public static func with<Result>(threads: Int, _ body: (Team) -> Result) -> Result {
    guard threads > 1 else { return body(.alone) }
    let team = Team(threadCount: threads)
    nonisolated(unsafe) let body = body
    nonisolated(unsafe) var result: Result?
    // The first iteration has begun before any other does.
    DispatchQueue.concurrentPerform(iterations: threads) { worker in
      if worker == 0 {
        result = body(team)
        team.isEnded.store(true, ordering: .releasing)
      } else {
        team.help(worker)
      }
    }
    guard let result else { preconditionFailure("the first iteration has ended") }
    return result
  }

  /// Calls `body` once for every index below `count`, on all threads that are free, with the number of the worker that
  /// runs it (below ``threadCount``, and below `count`). Only for the thread that leads the team.
  ///
  /// - Parameter keepsThreads: whether the leader takes indices from the lowest up and helpers from the highest down, so
  ///   that, piece after piece, most of an index's memory stays in one core's cache. Otherwise lower indices are handed
  ///   out first, so that a call may wait for those before it.
  public func forEach(
    _ count: Int, keepsThreads: Bool = false,
    _ body: @Sendable (_ index: Int, _ worker: Int) -> Void
  ) {
    guard threadCount > 1, count > 1 else {
      for index in 0..<count { body(index, 0) }
      return
    }
    withoutActuallyEscaping(body) { body in
      self.count = count
      self.keepsThreads = keepsThreads
      self.body = body
      next.store(0, ordering: .relaxed)
      nextOfHelpers.store(0, ordering: .relaxed)
      gate.store(0, ordering: .releasing)
      work(0)
      gate.bitwiseOr(Self.closed, ordering: .acquiringAndReleasing)
      Self.wait { gate.load(ordering: .acquiring) != Self.closed }
      self.body = nil
    }
  }

  /// The results of `transform` for every index below `count`, in order. Only for the thread that leads the team.
  public func map<Result: Sendable>(
    _ count: Int, _ transform: @Sendable (_ index: Int, _ worker: Int) -> Result
  ) -> [Result] {
    [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
      nonisolated(unsafe) let results = buffer
      forEach(count) { index, worker in
        results.initializeElement(at: index, to: transform(index, worker))
      }
      initialized = count
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

  /// Does what is left of the piece, if a worker of that number has a part in it.
  func work(_ worker: Int) {
    guard let body, worker < count else { return }
    var own = 0
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      if !keepsThreads {
        body(index, worker)
      } else if worker == 0 {
        body(own, worker)
        own += 1
      } else {
        body(count - 1 - nextOfHelpers.wrappingAdd(1, ordering: .relaxed).oldValue, worker)
      }
    }
  }

  private func help(_ worker: Int) {
    // So many looks at the gate take some twenty microseconds.
    let patience = 50_000
    var looks = 0
    while !isEnded.load(ordering: .acquiring) {
      let open = gate.load(ordering: .relaxed)
      if open < Self.closed,
        gate.compareExchange(expected: open, desired: open + 1, ordering: .acquiring).exchanged
      {
        work(worker)
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
