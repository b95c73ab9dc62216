#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A moment, in microseconds since 1970.
struct Timestamp: Hashable, Sendable {
  let microseconds: Int64

  static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(
      microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
  }

  var seconds: Double { Double(microseconds) / 1e6 }

  private var parts: tm {
    var seconds = time_t(microseconds / 1_000_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return parts
  }

  /// In the form of RFC 3339, with milliseconds.
  var text: String {
    let parts = parts
    let milliseconds = String(Int(microseconds / 1000 % 1000) + 1000).dropFirst()
    return "\(parts.tm_year + 1900)-\(Self.two(parts.tm_mon + 1))-\(Self.two(parts.tm_mday))"
      + "T\(Self.two(parts.tm_hour)):\(Self.two(parts.tm_min)):\(Self.two(parts.tm_sec))"
      + ".\(milliseconds)Z"
  }

  /// To the minute, for people.
  var minuteText: String {
    let parts = parts
    return "\(parts.tm_year + 1900)-\(Self.two(parts.tm_mon + 1))-\(Self.two(parts.tm_mday)) "
      + "\(Self.two(parts.tm_hour)):\(Self.two(parts.tm_min)) UTC"
  }

  private static func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
