/// When a request is sent again, and after how long.
///
/// Waiting grows by powers of two up to a limit and is drawn from zero to that (full jitter), so that
/// many clients do not come back all at once.
///
/// - SeeAlso: Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
public struct RetryPolicy: Hashable, Sendable {
  /// How often a request is sent in all.
  public var maximumAttempts: Int
  /// The upper end of the first wait, in seconds.
  public var firstDelay: Double
  /// The upper end of every later wait, in seconds.
  public var longestDelay: Double
  /// The wait after status 429 without a header that says how long, in seconds.
  public var throttleDelay: Double

  public init(
    maximumAttempts: Int = 12, firstDelay: Double = 0.25, longestDelay: Double = 10,
    throttleDelay: Double = 60
  ) {
    self.maximumAttempts = maximumAttempts
    self.firstDelay = firstDelay
    self.longestDelay = longestDelay
    self.throttleDelay = throttleDelay
  }

  /// What to do after an outcome.
  public enum Verdict: Hashable, Sendable {
    /// It is final: an answer, or an error that would occur again.
    case stands
    /// Send it again after this many seconds.
    case again(after: Double)
    /// Send nothing at all for this many seconds, then this request again.
    case pause(Double)
  }

  /// - Parameters:
  ///   - attempt: how often the request was sent so far, at least 1.
  ///   - now: seconds since 1970, with which a date in `Retry-After` is compared.
  ///   - random: a number from 0 up to 1.
  public func verdict(
    on outcome: HTTPTransport.Outcome, attempt: Int, now: Double, random: Double
  ) -> Verdict {
    guard attempt < maximumAttempts else { return .stands }
    switch outcome {
    case .failure(let error):
      return error.isTemporary ? .again(after: delay(attempt, random)) : .stands
    case .success(let response):
      if response.status == 429 {
        return .pause(Self.askedDelay(response, now: now) ?? throttleDelay)
      }
      guard response.isTemporaryFailure else { return .stands }
      return .again(
        after: max(delay(attempt, random), Self.askedDelay(response, now: now) ?? 0))
    }
  }

  private func delay(_ attempt: Int, _ random: Double) -> Double {
    var ceiling = firstDelay
    for _ in 1..<max(1, attempt) where ceiling < longestDelay { ceiling *= 2 }
    return min(ceiling, longestDelay) * random
  }

  /// What the server asks for, in seconds: Comet's own header first.
  static func askedDelay(_ response: HTTPResponse, now: Double) -> Double? {
    for name in ["Retry-After-Custom", "Retry-After"] {
      guard let value = response.header(name) else { continue }
      if let seconds = Double(value), seconds.isFinite { return max(0, seconds) }
      if let date = CurlText.secondsSince1970(value) { return max(0, date - now) }
    }
    return nil
  }
}
