#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A thread of the operating system, for work that blocks.
public struct Thread: @unchecked Sendable {
  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private let thread: pthread_t

  /// Starts it.
  public init(_ body: @escaping @Sendable () -> Void) {
    let context = Unmanaged.passRetained(Work(body)).toOpaque()
    var started: pthread_t?
    #if canImport(Darwin)
      let result = pthread_create(&started, nil, { Self.run($0) }, context)
    #else
      started = pthread_t()
      let result = pthread_create(&started!, nil, { Self.run($0!) }, context)
    #endif
    guard result == 0, let started else { preconditionFailure("the system has room for a thread") }
    thread = started
  }

  private static func run(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
    return nil
  }

  /// Waits until it has ended; from the thread itself, lets it end by itself. To be called at most once.
  public func join() {
    if pthread_equal(thread, pthread_self()) != 0 {
      pthread_detach(thread)
    } else {
      pthread_join(thread, nil)
    }
  }
}
