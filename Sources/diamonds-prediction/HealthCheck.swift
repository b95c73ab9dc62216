import NIOCore
import NIOPosix

/// Asks a service on this machine whether it is running: what an image without other programs needs.
struct HealthCheck {
  let port: Int

  /// What is wrong; `nil` if the service answers with status 200 within five seconds.
  func problem() async -> String? {
    do {
      let answer = try await answer()
      if answer.isEmpty { return "there was no answer" }
      let words = answer.split(separator: " ")
      guard words.count > 1, words[0].hasPrefix("HTTP/") else { return "the answer is not HTTP" }
      return words[1] == "200" ? nil : "the answer's status is \(words[1])"
    } catch let error as IOError {
      return error.reason
    } catch {
      return "\(error)"
    }
  }

  /// The start of the answer; empty if there is none. Asked without libcurl, which might use a proxy.
  private func answer() async throws -> String {
    let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connectTimeout(.seconds(5))
      .connect(to: SocketAddress(ipAddress: "127.0.0.1", port: port)) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    let channel = connection.channel
    channel.eventLoop.scheduleTask(in: .seconds(5)) { channel.close(promise: nil) }
    return try await connection.executeThenClose { input, output in
      try await output.write(ByteBuffer(string: "GET /health HTTP/1.0\r\n\r\n"))
      for try await part in input { return String(buffer: part) }
      return ""
    }
  }
}
