#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Where the signal handler writes the number of its signal; set before the handler is.
private nonisolated(unsafe) var signalPipe: Int32 = -1

/// Ends the program on SIGINT or SIGTERM, even in the middle of long work.
///
/// The handler only writes into a pipe, whichever thread it runs on: libraries may start threads before
/// `main`, so a mask could not direct the signals to one of ours. A thread waits at the other end; it may
/// take locks and write files: it removes what is half-written, says what is kept, and ends the process.
public enum Interruption {
  /// - Parameters:
  ///   - program: the program's name, for the line that says it.
  ///   - end: removes what is half-written, and returns what is to be said.
  public static func install(for program: String, _ end: @escaping @Sendable () -> String) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    signalPipe = ends[1]
    let outlet = ends[0]
    _ = Thread {
      var number: UInt8 = 0
      while read(outlet, &number, 1) != 1 {}
      StandardError.end(with: "\(program): \(end())")
      _exit(128 + Int32(number))
    }
    for number in [SIGINT, SIGTERM] { catchSignal(number) }
  }

  private static func catchSignal(_ number: Int32) {
    let before = signal(number) { number in
      let error = errno
      var byte = UInt8(truncatingIfNeeded: number)
      _ = write(signalPipe, &byte, 1)
      errno = error
    }
    // Shells let what runs in the background ignore SIGINT; that is to stay.
    if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
      _ = signal(number, SIG_IGN)
    }
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, number)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}
