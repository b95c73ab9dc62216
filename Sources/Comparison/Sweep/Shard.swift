/// One of several parts of a plan, each of which is done by a process of its own.
public struct Shard: Hashable, Sendable, CustomStringConvertible {
  /// Counted from 1.
  public let index: Int
  public let count: Int

  /// The whole plan.
  public static let whole = Shard(uncheckedIndex: 1, count: 1)

  private init(uncheckedIndex index: Int, count: Int) {
    self.index = index
    self.count = count
  }

  /// `nil` unless `index` is from 1 to `count`.
  public init?(index: Int, count: Int) {
    guard count >= 1, 1...count ~= index else { return nil }
    self.init(uncheckedIndex: index, count: count)
  }

  /// Reads `I/N`.
  init?(parsing text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]) else { return nil }
    self.init(index: index, count: count)
  }

  /// Reads what `--shard` says.
  public init(option text: String) throws(RequestError) {
    guard let shard = Shard(parsing: text) else {
      throw RequestError(
        .badRequest, "--shard must be I/N with I from 1 to N, such as 2/8, was \"\(text)\".")
    }
    self = shard
  }

  public var description: String { "\(index)/\(count)" }

  /// The part of pieces of work that stand in a row: the pieces whose middle lies in the shard's share of
  /// all cost.
  ///
  /// Every piece is in exactly one shard, a shard's pieces stand side by side, and a shard's cost differs
  /// from an even share by less than the cost of the largest piece.
  ///
  /// - Parameter costs: above 0, in the order of the pieces.
  public func range(of costs: some Sequence<Double>) -> Range<Int> {
    let costs = Array(costs)
    let total = costs.reduce(0, +)
    var start = costs.count
    var end = costs.count
    var sum = 0.0
    for (piece, cost) in costs.enumerated() {
      let middle = (sum + cost / 2) / total
      sum += cost
      let shard = min(count, Int(middle * Double(count)) + 1)
      if shard >= index, start == costs.count { start = piece }
      if shard > index {
        end = piece
        break
      }
    }
    return start..<max(start, end)
  }
}

extension SweepPlan {
  /// The numbers of a shard's runs.
  public func runs(of shard: Shard, _ estimate: CostEstimate) -> Range<Int> {
    guard shard.count > 1 else { return 0..<runCount }
    let costs = estimate.seconds
    return shard.range(of: (0..<runCount).lazy.map { costs[$0 % costs.count] })
  }
}
