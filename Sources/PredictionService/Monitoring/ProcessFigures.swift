import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Memory and processor time of this process.
enum ProcessFigures {
  /// Memory in use, in bytes; `nil` where the system does not say.
  static var residentBytes: Int? {
    let numbers = (Files.text("/proc/self/statm") ?? "").split(separator: " ")
    guard numbers.count > 1, let pages = Int(numbers[1]) else { return nil }
    return pages * Int(getpagesize())
  }

  /// Processor time used so far, in seconds.
  static var processorSeconds: Double { ProcessorTime.used / .seconds(1) }
}
