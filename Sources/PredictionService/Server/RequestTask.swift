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

  private let router: RouterResponder<ServiceContext>
  private let request: Request
  private var context: ServiceContext

  /// - Parameters:
  ///   - problem: why the request is refused before it is routed.
  ///   - held: holds the memory of the body, and gets that of the answer.
  init(
    _ router: RouterResponder<ServiceContext>, _ head: HTTPRequest, _ body: ByteBuffer,
    _ problem: Problem?, channel: any Channel, logger: Logger, held: HeldMemory
  ) {
    self.router = router
    request = Request(head: head, body: .init(buffer: ByteBuffer()))
    var context = ServiceContext(source: .init(channel: channel, logger: logger))
    context.body = body
    context.refusal = problem
    context.held = held
    self.context = context
  }

  /// Answers a request on its event loop if its body is small, else on the pool's threads.
  func start(_ loop: EventLoopExecutor, _ pool: PredictionPool, _ answer: EventLoopPromise<Answer>)
  {
    guard context.body.readableBytes > MemoryBudget.smallSize, context.refusal == nil else {
      Task.detached(executorPreference: loop) { answer.succeed(await self.answer()) }
      return
    }
    guard pool.enter() else {
      var refused = self
      refused.context.refusal = .busy
      return refused.start(loop, pool, answer)
    }
    Task.detached(executorPreference: pool) {
      answer.succeed(await self.answer())
      pool.leave()
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

/// Runs the task of a request on the event loop that read it: at once, so that it stays on one thread and waits for
/// nothing.
final class EventLoopExecutor: TaskExecutor {
  private let loop: any EventLoop

  init(loop: any EventLoop) { self.loop = loop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if loop.inEventLoop { return job.runSynchronously(on: asUnownedTaskExecutor()) }
    loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
