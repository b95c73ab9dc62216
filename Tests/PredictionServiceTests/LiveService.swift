import Foundation
import Logging
import ServiceLifecycle
import TestSupport

@testable import PredictionService

/// A service at a port of its own, in this process.
struct LiveService {
  let fixture: ServiceFixture
  let port: UInt16
  private let group: ServiceGroup
  private let run: Task<Void, any Error>

  /// The usual limits, and an end without a long wait.
  static let brief = {
    var limits = ConnectionLimits()
    limits.drainSeconds = 0.1
    return limits
  }()

  /// Starts a service, lets a client of it do something, and ends the service.
  static func use<Result: Sendable>(
    limits: ConnectionLimits = brief, basePath: String = "", host: String? = "127.0.0.1",
    _ body: @escaping @Sendable (LiveService) throws -> Result
  ) async throws -> Result {
    let service = try await LiveService(limits, basePath: basePath, host: host)
    let result = await onThread { Swift.Result { try body(service) } }
    await service.end()
    return try result.get()
  }

  init(
    _ limits: ConnectionLimits = ConnectionLimits(), basePath: String = "",
    host: String? = "127.0.0.1"
  ) async throws {
    let fixture = ServiceFixture(try DiamondModels.small.get(), basePath: basePath)
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    let application = ServiceApplication(
      fixture.state, host: host, port: 0, limits: limits,
      onListening: { continuation.yield($0) })
    let group = ServiceGroup(services: application.services, logger: fixture.state.logger)
    run = Task { try await group.run() }
    var listening = ports.makeAsyncIterator()
    port = UInt16(await listening.next() ?? 0)
    self.fixture = fixture
    self.group = group
  }

  /// Ends the service as SIGTERM does, and waits for its end.
  func end() async {
    fixture.state.stop()
    await group.triggerGracefulShutdown()
    try? await run.value
  }

  func client() -> RawClient { RawClient(port: port) }
}

/// Does something that waits, on a thread that nobody else needs.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
  await withCheckedContinuation { continuation in
    Thread.detachNewThread { continuation.resume(returning: body()) }
  }
}
