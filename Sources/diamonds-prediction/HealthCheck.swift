#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Asks a service on this machine whether it lives: what an image without other programs needs.
struct HealthCheck {
  let port: Int

  /// What is wrong; `nil` where the service answers.
  func problem() -> String? {
    #if canImport(Darwin)
      let connection = socket(AF_INET, SOCK_STREAM, 0)
    #else
      let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    defer { close(connection) }
    var patience = timeval(tv_sec: 5, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(
        connection, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { return last }
    let request = Array("GET /health HTTP/1.0\r\n\r\n".utf8)
    guard send(connection, request, request.count, 0) == request.count else { return last }
    var answer = [UInt8](repeating: 0, count: 64)
    let count = recv(connection, &answer, answer.count, 0)
    guard count > 0 else { return count == 0 ? "the connection was closed" : last }
    let words = String(decoding: answer[..<count], as: UTF8.self).split(separator: " ")
    guard words.count > 1, words[0].hasPrefix("HTTP/") else { return "the answer is no HTTP" }
    return words[1] == "200" ? nil : "the answer's status is \(words[1])"
  }

  private var last: String { String(cString: strerror(errno)) }
}
