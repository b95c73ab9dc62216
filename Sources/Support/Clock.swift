#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A moment by the clock on the wall, in nanoseconds since the beginning of 1970 in UTC.
///
/// That clock may jump, so durations are measured by `ContinuousClock`.
public struct Timestamp: Hashable, Comparable, Sendable {
  public let nanoseconds: Int64

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  public init(milliseconds: Int) { self.init(nanoseconds: Int64(milliseconds) * 1_000_000) }

  init(_ time: timespec) {
    self.init(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  /// The moment that the system's clock shows.
  public static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(time)
  }

  /// Since 1970, as Comet counts.
  public var milliseconds: Int { Int(nanoseconds / 1_000_000) }

  /// Since 1970, to the microsecond, which is as exact as such a number can be.
  public var seconds: Double { Double(nanoseconds / 1000) / 1e6 }

  public static func < (first: Timestamp, second: Timestamp) -> Bool {
    first.nanoseconds < second.nanoseconds
  }

  /// The year in UTC.
  public var year: Int { Int(parts.tm_year) + 1900 }

  // MARK: Texts, all in UTC

  /// In the form of RFC 3339, with milliseconds: `2026-01-31T23:59:59.123Z`.
  public var text: String {
    let parts = parts
    let fraction = String(milliseconds % 1000 + 1000).dropFirst()
    return "\(Self.date(parts, "-"))T\(Self.time(parts, ":")).\(fraction)Z"
  }

  /// In the form of RFC 3339, to the second: `2026-01-31T23:59:59Z`.
  public var secondText: String {
    let parts = parts
    return "\(Self.date(parts, "-"))T\(Self.time(parts, ":"))Z"
  }

  /// For names of files, to the second: `20260131T235959Z`.
  public var fileNameText: String {
    let parts = parts
    return "\(Self.date(parts, ""))T\(Self.time(parts, ""))Z"
  }

  /// For people, to the minute: `2026-01-31 23:59 UTC`.
  public var minuteText: String {
    let parts = parts
    return "\(Self.date(parts, "-")) \(Self.time(parts, ":").dropLast(3)) UTC"
  }

  /// For the headers of HTTP, to the second: `Sat, 31 Jan 2026 23:59:59 GMT`.
  public var httpText: String {
    var parts = parts
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
      strftime(text.baseAddress!, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
      return String(cString: text.baseAddress!)
    }
  }

  private var parts: tm {
    var seconds = time_t(nanoseconds / 1_000_000_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return parts
  }

  private static func date(_ parts: tm, _ separator: String) -> String {
    "\(parts.tm_year + 1900)\(separator)\(two(parts.tm_mon + 1))\(separator)\(two(parts.tm_mday))"
  }

  private static func time(_ parts: tm, _ separator: String) -> String {
    "\(two(parts.tm_hour))\(separator)\(two(parts.tm_min))\(separator)\(two(parts.tm_sec))"
  }

  private static func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// The processor time that this process has used so far.
public enum ProcessorTime {
  public static var used: Duration {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
