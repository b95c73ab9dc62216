import Foundation
import Support
import TestSupport
import Testing

@testable import PredictionService

/// What many clients at once, and careless ones, take of the service.
@Suite(.timeLimit(.minutes(5))) struct `The service under load` {
  @Test func `bodies take a limited memory, which is free again when connections close`()
    async throws
  {
    var limits = LiveService.brief
    limits.heldBytes = 6_000_000
    try await LiveService.use(limits: limits) { service in
      // Three quarters of it are for large bodies.
      var holders: [RawClient] = []
      for _ in 0..<2 {
        let holder = service.client()
        holder.send(RawRequest.head("Expect: 100-continue\r\n", length: 1_800_000))
        #expect(holder.answer()?.status == 100)
        holder.send(String(repeating: "a", count: 1_700_000))
        holders.append(holder)
      }
      let refused = service.client()
      refused.send(RawRequest.head("Expect: 100-continue\r\n", length: 1_800_000))
      let answer = refused.answer()
      #expect(answer?.status == 503 && answer?.header("retry-after") != nil)
      let chunked = service.client()
      chunked.send(RawRequest.head("Transfer-Encoding: chunked\r\n"))
      for _ in 0..<10 { chunked.send("2710\r\n\(String(repeating: "a", count: 10_000))\r\n") }
      #expect(chunked.answer()?.status == 503)
      let small = service.client()
      for _ in 0..<3 {
        small.send(RawRequest.post())
        #expect(small.answer()?.status == 200)
      }
      holders = []
      var status: Int?
      for _ in 0..<100 where status != 200 {
        let client = service.client()
        client.send(RawRequest.large)
        status = client.answer()?.status
        Thread.sleep(forTimeInterval: 0.05)
      }
      #expect(status == 200)
    }
  }

  @Test func `large requests wait in a queue with an end`() async throws {
    var limits = LiveService.brief
    limits.largeRequestCount = 1
    try await LiveService.use(limits: limits) { service in
      let clients = (0..<12).map { _ in service.client() }
      for client in clients { Thread.detachNewThread { client.send(RawRequest.large) } }
      let answers = clients.map { $0.answer() }
      #expect(answers.allSatisfy { $0?.status == 200 || $0?.status == 503 })
      #expect(answers.contains { $0?.status == 200 })
      #expect(answers.allSatisfy { ($0?.status == 503) == ($0?.header("retry-after") != nil) })
    }
  }

  @Test func `a connection reads no more while its answers are not taken`() async throws {
    try await LiveService.use { service in
      let client = service.client()
      let requests = String(repeating: RawRequest.get(path: "/docs"), count: 5000)
      Thread.detachNewThread { client.send(requests) }
      // The system's own buffers take a part of the pages, some 10 kB each.
      #expect(Self.settledCount(service, "/docs") < 4000)
      for _ in 0..<5000 { #expect(client.answer()?.isWhole == true) }
    }
  }

  @Test func `a client that takes nothing of its answers is cut off`() async throws {
    var limits = LiveService.brief
    limits.requestSeconds = 1
    try await LiveService.use(limits: limits) { service in
      let client = service.client()
      Thread.detachNewThread {
        client.send(String(repeating: RawRequest.get(path: "/docs"), count: 5000))
      }
      #expect(Self.settledCount(service, "/docs") < 4000)
      Thread.sleep(forTimeInterval: 4)
      var count = 0
      while client.answer()?.isWhole == true { count += 1 }
      #expect(count > 0 && count < 5000)
    }
  }

  @Test func `requests that come without a pause leave room for other connections`() async throws {
    var limits = LiveService.brief
    // On a busy machine the last client's answers wait for longer than clients may take.
    limits.requestSeconds = 600
    try await LiveService.use(limits: limits) { service in
      let clients = (0..<8).map { _ in service.client() }
      for client in clients {
        Thread.detachNewThread { client.send(String(repeating: RawRequest.post(), count: 3000)) }
      }
      for _ in 0..<5 {
        let other = service.client()
        other.send(RawRequest.get())
        #expect(other.answer()?.status == 200)
      }
      // All that while the eight had more to answer than anybody had taken.
      let count = service.fixture.state.metrics.count(ofRoutes: ["/predict"])
      #expect(count < 8 * 3000)
      for client in clients { for _ in 0..<3000 { #expect(client.answer()?.status == 200) } }
    }
  }

  @Test(arguments: [false, true])
  func `no request is lost when the service stops`(connectsEachTime: Bool) async throws {
    let service = try await LiveService()
    let (answered, lost) = (Count(), Count())
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<16 {
        group.addTask {
          await onThread {
            // Until nobody listens any more.
            while let client = RawClient(ifListening: service.port) {
              var isOpen = true
              while isOpen {
                client.send(RawRequest.post(connectsEachTime ? "Connection: close\r\n" : ""))
                let answer = client.answer()
                isOpen = answer?.header("connection") != "close" && answer != nil
                (answer?.isWhole == true ? answered : lost).add()
              }
            }
          }
        }
      }
      try? await Task.sleep(for: .milliseconds(500))
      await service.end()
    }
    #expect(lost.value == 0)
    #expect(answered.value > 16)
  }

  /// How many requests of a route are answered once it becomes no more.
  private static func settledCount(_ service: LiveService, _ route: String) -> Int {
    var (count, last) = (0, -1)
    while count != last || count == 0 {
      Thread.sleep(forTimeInterval: 0.5)
      (last, count) = (count, service.fixture.state.metrics.count(ofRoutes: [route]))
    }
    return count
  }
}

/// How often something happened, on any thread.
private final class Count: Sendable {
  private let count = Atomic(0)
  var value: Int { count.load(ordering: .relaxed) }
  func add() { count.add(1, ordering: .relaxed) }
}
