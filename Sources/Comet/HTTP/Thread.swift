#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A thread of the operating system, for work that blocks.
struct Thread: @unchecked Sendable {
  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private let thread: pthread_t

  /// Starts it. ``join()`` is to be called once.
  init(_ body: @escaping @Sendable () -> Void) {
    let context = Unmanaged.passRetained(Work(body)).toOpaque()
    #if canImport(Darwin)
      var started: pthread_t?
      let result = pthread_create(
        &started, nil,
        {
          Unmanaged<Work>.fromOpaque($0).takeRetainedValue().body()
          return nil
        }, context)
    #else
      var started: pthread_t? = pthread_t()
      let result = pthread_create(
        &started!, nil,
        {
          if let context = $0 { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
          return nil
        }, context)
    #endif
    guard result == 0, let started else { preconditionFailure("the system has room for a thread") }
    thread = started
  }

  /// Waits until it has ended; from the thread itself, lets it end by itself.
  func join() {
    if pthread_equal(thread, pthread_self()) != 0 {
      pthread_detach(thread)
    } else {
      pthread_join(thread, nil)
    }
  }
}
