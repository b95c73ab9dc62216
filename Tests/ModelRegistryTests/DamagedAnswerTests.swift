import Comet
import CometStandIn
import Support
import TestSupport
import Testing

@testable import ModelRegistry

/// Passes requests on, and damages one of the answers.
private final class DamagingTransport: HTTPTransport {
  private let inner = CurlTransport()
  private let state: Mutex<(count: Int, mutator: Mutator)>
  private let victim: Int

  init(seed: Int, victim: Int) {
    state = Mutex((0, Mutator(seed: UInt64(seed))))
    self.victim = victim
  }

  func start(_ request: HTTPRequest, completion: @escaping @Sendable (Outcome) -> Void) {
    let number = state.withLock { state in
      state.count += 1
      return state.count - 1
    }
    inner.start(request) { [self] outcome in
      guard number == victim, case .success(let answer) = outcome else {
        return completion(outcome)
      }
      let body = state.withLock { state in
        state.mutator.mutant(of: answer.body, other: answer.body)
      }
      completion(
        .success(HTTPResponse(status: answer.status, headers: answer.headers, body: body)))
    }
  }

  func cancel() { inner.cancel() }
  func close() { inner.close() }
}

/// 400 damaged answers of the registry, or as many as MUTANTS says.
@Suite struct `A damaged answer of the registry` {
  private static let count = Mutator.count(usually: 400)

  private func check(_ number: Int, _ work: () async throws -> Void) async -> Bool {
    do {
      try await work()
      return true
    } catch {
      let status = (error as? any ExitStatusProviding)?.exitStatus ?? 70
      #expect(status != 70, "mutant \(number): \(error)")
      return false
    }
  }

  @Test func `a damaged answer ends fetching with an error, or changes nothing`() async throws {
    let setup = try RegistrySetup()
    try await setup.publish(try await setup.log("a"))
    var soundCount = 0
    for number in 0..<Self.count {
      let transport = DamagingTransport(seed: number, victim: number % 9)
      let client = RegistrySetup.client(setup.server, over: transport)
      let output = setup.folder.path + "/fetched"
      let isSound = await check(number) {
        _ = try await setup.fetcher(client: client, to: output).fetch()
        _ = try await RegistryListing.read(client, workspace: RegistrySetup.workspace)
      }
      if isSound { soundCount += 1 }
      Files.remove(output)
      transport.close()
    }
    #expect(soundCount > 0)
  }

  @Test func `a damaged record of what was fetched is refused, or fetched again`() async throws {
    let setup = try RegistrySetup()
    try await setup.publish(try await setup.log("a"))
    _ = try await setup.fetcher().fetch()
    let path = "models/" + FetchRecord.fileName
    let original = try #require(setup.folder.read(path))
    for number in 0..<Self.count {
      var mutator = Mutator(seed: UInt64(number))
      setup.folder.write(mutator.mutant(of: original, other: original), to: path)
      _ = await check(number) { _ = try FetchRecord.read(folder: setup.output) }
    }
  }
}
