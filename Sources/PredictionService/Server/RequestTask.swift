import Dispatch
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// A request that the router answers in a task of its own.
struct RequestTask: Sendable {
  struct Answer: Sendable {
    let head: HTTPResponse
    let body: ByteBuffer
  }

  /// Requests with larger bodies are answered on other threads: a prediction for one row takes a few microseconds, less
  /// than a change of threads, and one for many rows would let other connections wait.
  private static let smallBody = 16_384

  private let router: RouterResponder<ServiceContext>
  private let request: Request
  private let context: ServiceContext

  /// - Parameter problem: why the request is refused before it is routed.
  init(
    _ router: RouterResponder<ServiceContext>, _ head: HTTPRequest, _ body: ByteBuffer,
    _ problem: Problem?, channel: any Channel, logger: Logger
  ) {
    self.router = router
    request = Request(head: head, body: .init(buffer: ByteBuffer()))
    var context = ServiceContext(source: .init(channel: channel, logger: logger))
    context.body = body
    context.refusal = problem
    self.context = context
  }

  func start(_ loop: EventLoopExecutor, _ answer: EventLoopPromise<Answer>) {
    let isSmall = context.body.readableBytes <= Self.smallBody
    Task.detached(executorPreference: isSmall ? loop : LargeRequestExecutor.shared) {
      answer.succeed(await self.answer())
    }
  }

  private func answer() async -> Answer {
    do {
      let response = try await router.respond(to: request, context: context)
      let body = GatheredBody()
      try await response.body.write(body)
      return Answer(head: response.head, body: body.bytes)
    } catch {
      context.logger.error("a request failed", metadata: ["error": "\(error)"])
      return Answer(
        head: HTTPResponse(status: .internalServerError, headerFields: [.contentLength: "0"]),
        body: ByteBuffer())
    }
  }
}

/// An answer's body, gathered in memory.
final class GatheredBody: ResponseBodyWriter {
  private(set) var bytes = ByteBuffer()

  func write(_ part: ByteBuffer) {
    if bytes.readableBytes == 0 { bytes = part } else { bytes.writeImmutableBuffer(part) }
  }

  func finish(_ trailers: HTTPFields?) {}
}

/// Runs the task of a request on the event loop that read it, so that it stays on one thread.
final class EventLoopExecutor: TaskExecutor {
  private let loop: any EventLoop

  init(loop: any EventLoop) { self.loop = loop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}

/// Runs what takes too long for an event loop.
private final class LargeRequestExecutor: TaskExecutor {
  static let shared = LargeRequestExecutor()

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    DispatchQueue.global().async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
