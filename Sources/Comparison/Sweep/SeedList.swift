/// Seeds as they are typed: `1...20`, `7`, or `1...5,42`.
public struct SeedList: Hashable, Sendable, CustomStringConvertible {
  public let seeds: [UInt32]
  /// As it was typed, without spaces.
  public let description: String

  /// More than these are taken for a slip.
  static let limit = 1_000_000

  /// Reads what `--seeds` says.
  public init(option text: String) throws(RequestError) {
    do {
      try self.init(parsing: text)
    } catch {
      throw RequestError(.badRequest, "--seeds: \(error).")
    }
  }

  init(parsing text: String) throws(RequestError) {
    let plain = text.filter { $0 != " " }
    var seeds: [UInt32] = []
    for part in plain.split(separator: ",", omittingEmptySubsequences: false) {
      let range = ParameterGrid.range(part) ?? Int(part).map { $0...$0 }
      guard let range, range.lowerBound >= 0, range.upperBound <= Int(UInt32.max) else {
        throw RequestError(
          .badRequest,
          "expected seeds from 0 to 4294967295, such as 1...20 or 1,2,42, found \"\(part)\"")
      }
      guard range.count <= Self.limit - seeds.count else {
        throw RequestError(.badRequest, "expected at most \(Self.limit) seeds, found \"\(text)\"")
      }
      seeds += range.map { UInt32($0) }
    }
    var seen: Set<UInt32> = []
    for seed in seeds where !seen.insert(seed).inserted {
      throw RequestError(.badRequest, "the seed \(seed) is listed twice")
    }
    self.seeds = seeds
    description = plain
  }
}
