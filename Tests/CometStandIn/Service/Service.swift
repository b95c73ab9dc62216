import Foundation
import Support

/// The store, the faults and the request log behind one lock.
final class Service: Sendable {
  fileprivate struct Contents {
    var state: ServiceState
    var plan: FaultPlan
    /// Earlier states and when each was replaced; kept while a fault delays what is seen.
    var history: [(until: Double, state: ServiceState)] = []
    var requests: [RequestRecord] = []
    var requestCount = 0
  }

  private let options: StandInOptions
  private let router: Router
  private let start = ProcessInfo.processInfo.systemUptime
  private let contents: Mutex<Contents>

  init(_ options: StandInOptions) {
    self.options = options
    router = Router(isOldBackend: options.isOldBackend, apiKey: options.apiKey)
    contents = Mutex(Contents(state: Self.emptyState(options), plan: FaultPlan(options.faults)))
  }

  private static func emptyState(_ options: StandInOptions) -> ServiceState {
    ServiceState(
      workspaces: options.workspaces, hasImmutableAssets: options.hasImmutableAssets,
      allowedStatuses: options.allowedStatuses)
  }

  /// What `clientlib/isAlive/ver` answers.
  var backendVersion: String { options.isOldBackend ? "3.0.0" : "4.40.0" }

  /// Seconds since the start.
  var now: Double { ProcessInfo.processInfo.systemUptime - start }

  var state: ServiceState { contents.withLock { $0.state } }
  var requests: [RequestRecord] { contents.withLock { $0.requests } }
  var faults: [Fault] { contents.withLock { $0.plan.faults } }

  func setFaults(_ faults: [Fault]) {
    contents.withLock { contents in
      contents.plan = FaultPlan(faults)
      contents.history = []
    }
  }

  func reset() {
    contents.withLock { contents in
      contents.state = Self.emptyState(options)
      contents.history = []
      contents.requests = []
    }
  }

  /// Counts a request whose head has arrived, and says what is to go wrong with it.
  func admit(_ request: HTTPRequest) -> (number: Int, effects: [Fault.Effect]) {
    contents.withLock { contents in
      contents.requestCount += 1
      let path = Router.relativePath(request.path)
      let effects = contents.plan.effects(method: request.method, path: path)
      return (contents.requestCount, effects)
    }
  }

  func record(_ request: RequestRecord) {
    contents.withLock { contents in
      contents.requests.append(request)
      contents.requests[contents.requests.count - 1].ended = now
    }
  }

  /// Notes that an answer could not be sent after all.
  func withdrawAcknowledgement(of number: Int) {
    contents.withLock { contents in
      guard let index = contents.requests.lastIndex(where: { $0.number == number }) else { return }
      contents.requests[index].isAcknowledged = false
    }
  }

  /// Takes a request: refuses it, or reads or changes the store.
  ///
  /// - Parameter delay: how many seconds ago the state was that a reader sees.
  func answer(_ request: HTTPRequest, delay: Double) -> (response: HTTPResponse, isTaken: Bool) {
    do throws(Refusal) {
      let (endpoint, call) = try router.route(request)
      // Mutex lets no typed error out of a closure that is not plain.
      let result: Result<HTTPResponse, Refusal> = contents.withLock { contents in
        contents.perform(endpoint, call, at: now, delay: delay)
      }
      return (try result.get(), true)
    } catch {
      return (error.response, false)
    }
  }
}

extension Service.Contents {
  fileprivate mutating func perform(
    _ endpoint: Endpoint, _ call: Call, at now: Double, delay: Double
  ) -> Result<HTTPResponse, Refusal> {
    do throws(Refusal) {
      switch endpoint.action {
      case .read(let read):
        return .success(try read(visibleState(at: now - delay), call))
      case .write(let write):
        if plan.longestDelay > 0 {
          history.removeAll { $0.until < now - plan.longestDelay }
          history.append((now, state))
        }
        return .success(try write(&state, call))
      }
    } catch {
      return .failure(error)
    }
  }

  /// The state at a time: the first one that was replaced after it.
  private func visibleState(at time: Double) -> ServiceState {
    history.first { $0.until > time }?.state ?? state
  }
}
