import ModelComparison

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
  static func install(_ folder: RunFolder) {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    // Threads that are started later inherit the mask: none but ours gets the signals.
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let context = Unmanaged.passRetained(folder).toOpaque()
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
          let folder = Unmanaged<RunFolder>.fromOpaque(context).takeUnretainedValue()
        #else
          let folder = Unmanaged<RunFolder>.fromOpaque(context!).takeUnretainedValue()
        #endif
        let kept = folder.abandon()
        StandardError.write(
          kept.isEmpty
            ? "compare-models: interrupted before a model was finished; nothing was kept"
            : "compare-models: interrupted; finished and kept in \(folder.path): "
              + kept.joined(separator: ", "))
        _exit(128 + signal)
      }, context)
  }
}
