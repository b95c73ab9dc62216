/// Something that goes wrong on purpose, and for which requests.
public struct Fault: Hashable, Sendable {
  public enum Effect: Hashable, Sendable {
    /// The request is not taken; this is the answer. As a page, for people, or as JSON.
    case status(Int, headers: [String: String] = [:], isPage: Bool = false)
    /// The request is taken, the answer comes so many seconds later.
    case latency(seconds: Double)
    /// The connection is reset (RST) before the request is taken.
    case resetBefore
    /// The request is taken, then the connection is reset: the client cannot know.
    case resetAfter
    /// The request is taken, the answer's body comes at so many bytes a second.
    case slowBody(bytesPerSecond: Int)
    /// The request is taken, the answer announces more bytes than it has.
    case truncatedAnswer
    /// A zip loses its second half, without a word in the headers.
    case truncatedZip
    /// A page with status 200 where a zip should be.
    case pageForZip
    /// What is read is what was there so many seconds ago.
    case delayedVisibility(seconds: Double)
  }

  public var effect: Effect
  /// The path after `rest/v2/` or `clientlib/`, or a beginning of it and `*`; `nil` for all.
  public var path: String?
  /// `nil` for all.
  public var method: String?
  /// How many matching requests pass before the first one is hit.
  public var after: Int
  /// How many requests are hit; `nil` for no end.
  public var times: Int?
  /// The probability of being hit, 0 to 1.
  public var share: Double
  /// Where the draws for `share` start.
  public var seed: UInt64

  public init(
    _ effect: Effect, path: String? = nil, method: String? = nil, after: Int = 0,
    times: Int? = nil, share: Double = 1, seed: UInt64 = 0
  ) {
    self.effect = effect
    self.path = path
    self.method = method
    self.after = after
    self.times = times
    self.share = share
    self.seed = seed
  }

  func matches(method: String, path: String) -> Bool {
    if let wanted = self.method, wanted != method { return false }
    guard let wanted = self.path else { return true }
    return wanted.hasSuffix("*") ? path.hasPrefix(wanted.dropLast()) : path == wanted
  }

  /// Whether at most one fault of this kind can apply to a request.
  var isExclusive: Bool {
    switch effect {
    case .latency, .delayedVisibility: false
    default: true
    }
  }
}
