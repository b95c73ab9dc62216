#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Ends the job on SIGINT or SIGTERM, even in the middle of a fit.
///
/// A thread of its own waits for the signals, so that it may take locks and write files: it removes
/// what is half-written, says what is kept, and ends the process.
enum Interruption {
  private final class Ending: Sendable {
    let end: @Sendable () -> String

    init(end: @escaping @Sendable () -> String) { self.end = end }
  }

  /// - Parameter end: removes what is half-written, and returns what is to be said.
  static func install(_ end: @escaping @Sendable () -> String) {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    // Threads that are started later inherit the mask: none but ours gets the signals.
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let context = Unmanaged.passRetained(Ending(end: end)).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    pthread_create(
      &thread, nil,
      { context in
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        var signal: Int32 = 0
        sigwait(&signals, &signal)
        #if canImport(Darwin)
          let ending = Unmanaged<Ending>.fromOpaque(context).takeUnretainedValue()
        #else
          let ending = Unmanaged<Ending>.fromOpaque(context!).takeUnretainedValue()
        #endif
        StandardError.write("compare-models: \(ending.end())")
        _exit(128 + signal)
      }, context)
  }
}
