/// How long to wait until the registry shows what it has accepted.
public struct Patience: Sendable {
  /// Between two looks, and in all; in seconds.
  public let interval: Double
  public let limit: Double
  let sleep: @Sendable (_ seconds: Double) async -> Void

  public init(
    interval: Double, limit: Double,
    sleep: @escaping @Sendable (_ seconds: Double) async -> Void = {
      try? await Task.sleep(for: .seconds($0))
    }
  ) {
    self.interval = interval
    self.limit = limit
    self.sleep = sleep
  }

  /// A look a second for a minute, as Comet's own tests do.
  public static let standard = Patience(interval: 1, limit: 60)

  /// Looks until there is something to see; `nil` where there is nothing within the limit.
  func wait<Value>(
    _ look: () async throws(RegistryError) -> Value?
  ) async throws(RegistryError) -> Value? {
    var waited = 0.0
    while true {
      if let value = try await look() { return value }
      guard waited < limit else { return nil }
      await sleep(interval)
      waited += interval
    }
  }
}
