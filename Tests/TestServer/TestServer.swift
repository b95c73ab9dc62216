import NIOCore
public import NIOHTTP1
import NIOPosix
import Support

/// A server on this machine for tests: NIO reads HTTP/1.1 and refuses what breaks it; what is
/// answered, and when, is up to the test, to the byte.
///
///     let server = try TestServer { head, _ in
///       .afterBody { body in Answer([.pause(seconds: 0.1), .send(bytes), .close]) }
///     }
///     …
///     server.stop()
///
/// It runs on NIO's own threads, so that tests that block theirs do not stop it.
public final class TestServer: Sendable {
  /// One thing that an answer consists of.
  public enum Step: Sendable {
    case send([UInt8])
    case pause(seconds: Double)
    /// Runs between the steps before and after it; must not block.
    case perform(@Sendable () -> Void)
    /// Ends the connection with FIN.
    case close
    /// Ends the connection with RST.
    case reset
  }

  /// The steps of an answer, one after another; then the connection stays open if the request
  /// wants that.
  public struct Answer: Sendable {
    let steps: [Step]
    let whenUnsent: @Sendable () -> Void

    /// - Parameter whenUnsent: called when the connection broke before all was handed to the system.
    public init(_ steps: [Step], whenUnsent: @escaping @Sendable () -> Void = {}) {
      self.steps = steps
      self.whenUnsent = whenUnsent
    }
  }

  /// What to do with a request whose head has arrived.
  public enum Reaction: Sendable {
    /// Answers without waiting for the body, which is then ignored.
    case atOnce(Answer)
    case afterBody(@Sendable (_ body: [UInt8]) -> Answer)
  }

  /// Called for every request's head, with the number of its connection, counted from 0.
  public typealias Reactor = @Sendable (_ head: HTTPRequestHead, _ connection: Int) -> Reaction

  public let port: UInt16
  private let channel: any Channel
  private let connections = Connections()

  /// - Parameters:
  ///   - host: an address of this machine.
  ///   - port: 0 lets the system choose.
  public init(
    host: String = "127.0.0.1", port: UInt16 = 0, _ react: @escaping Reactor
  ) throws {
    channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 128)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { [connections] channel in
        channel.eventLoop.makeCompletedFuture {
          let number = connections.add(channel)
          try channel.pipeline.syncOperations.addHandlers([
            ByteToMessageHandler(HTTPRequestDecoder()), Conversation(number, react),
          ])
        }
      }
      .bind(host: host, port: Int(port)).wait()
    self.port = UInt16(channel.localAddress?.port ?? 0)
  }

  deinit { stop() }

  /// Ends all connections. Later clients find nobody listening.
  public func stop() {
    // Fails when it is closed already, which is as well.
    try? channel.close().wait()
    for connection in connections.stop() { try? connection.close().wait() }
  }
}

/// The open connections of a server.
private final class Connections: Sendable {
  private let state = Mutex((open: [Int: any Channel](), count: 0, isStopped: false))

  /// - Returns: the connection's number.
  func add(_ channel: any Channel) -> Int {
    let (number, isStopped) = state.withLock { state in
      defer { state.count += 1 }
      state.open[state.count] = channel
      return (state.count, state.isStopped)
    }
    channel.closeFuture.whenComplete { [self] _ in
      state.withLock { state in _ = state.open.removeValue(forKey: number) }
    }
    if isStopped { channel.close(promise: nil) }
    return number
  }

  /// Lets no further connection live.
  ///
  /// - Returns: those that are open.
  func stop() -> [any Channel] {
    state.withLock { state in
      state.isStopped = true
      return Array(state.open.values)
    }
  }
}

/// Takes the requests of one connection, one after another, and answers them.
private final class Conversation: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart

  private let number: Int
  private let react: TestServer.Reactor
  /// What arrived while an answer was under way; `nil` stands for what is no HTTP.
  private var waiting = CircularBuffer<HTTPServerRequestPart?>()
  private var isAnswering = false
  private var isKeptAlive = false
  private var answer: ((_ body: [UInt8]) -> TestServer.Answer)?
  private var body = ByteBuffer()

  init(_ number: Int, _ react: @escaping TestServer.Reactor) {
    self.number = number
    self.react = react
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    waiting.append(unwrapInboundIn(data))
    takeWaiting(context.channel)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError else { return context.close(promise: nil) }
    waiting.append(nil)
    takeWaiting(context.channel)
  }

  private func takeWaiting(_ channel: any Channel) {
    while !isAnswering, let part = waiting.popFirst() {
      switch part {
      case .head(let head): take(head, channel)
      case .body(var bytes): if answer != nil { body.writeBuffer(&bytes) }
      case .end:
        guard let answer else { break }
        self.answer = nil
        let bytes = body.readBytes(length: body.readableBytes) ?? []
        begin(answer(bytes), channel)
      case nil:
        let text = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        begin(TestServer.Answer([.send(Array(text.utf8)), .close]), channel)
      }
    }
  }

  private func take(_ head: HTTPRequestHead, _ channel: any Channel) {
    isKeptAlive = head.isKeepAlive
    switch react(head, number) {
    case .atOnce(let answer): begin(answer, channel)
    case .afterBody(let answer):
      self.answer = answer
      if head.headers.first(name: "Expect")?.lowercased() == "100-continue" {
        channel.writeAndFlush(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"), promise: nil)
      }
    }
  }

  private func begin(_ answer: TestServer.Answer, _ channel: any Channel) {
    isAnswering = true
    go(on: answer.steps[...], of: answer, channel)
  }

  private func go(
    on steps: ArraySlice<TestServer.Step>, of answer: TestServer.Answer, _ channel: any Channel
  ) {
    let rest = steps.dropFirst()
    switch steps.first {
    case .send(let bytes):
      channel.writeAndFlush(ByteBuffer(bytes: bytes)).assumeIsolated().whenComplete { result in
        switch result {
        case .success: self.go(on: rest, of: answer, channel)
        case .failure: answer.whenUnsent()
        }
      }
    case .pause(let seconds):
      channel.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(seconds * 1e9))) {
        self.go(on: rest, of: answer, channel)
      }
    case .perform(let action):
      action()
      go(on: rest, of: answer, channel)
    case .close: channel.close(promise: nil)
    case .reset:
      // The system then answers the other side with RST.
      let linger = NIOLinger(l_onoff: 1, l_linger: 0)
      (channel as? any SocketOptionProvider)?.setSoLinger(linger).assumeIsolated().whenComplete {
        _ in channel.close(promise: nil)
      }
    case nil:
      isAnswering = false
      if isKeptAlive { takeWaiting(channel) } else { channel.close(promise: nil) }
    }
  }
}
