public import ModelFiles
import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// How much the values of a feature, or the classes, of some rows differ from those of the training rows.
public struct DistributionDrift: Hashable, Sendable {
  public let name: String
  /// The population stability index; `nil` where there is no row.
  public let index: Double?
  /// How many rows were counted; rows with an ignored category are in no bin.
  public let rowCount: Int
  /// The share of the training rows, and of the counted ones, in each bin.
  public let trainingShares: [Double]
  public let shares: [Double]
  public let binNames: [String]

  /// What an index says.
  public enum Verdict: String, Hashable, Sendable {
    case noRows = "no rows yet"
    case tooFewRows = "too few rows to tell"
    case similar
    case changed = "somewhat different"
    case different
  }

  /// Below it distributions count as similar, and above ``differentAbove`` as different.
  public static let similarBelow = 0.1
  public static let differentAbove = 0.25
  /// With fewer rows, the index of ten bins reaches 0.05 and more by chance alone.
  public static let leastRows = 200

  /// - Parameter counts: how many rows are in each bin of the training distribution.
  public init(_ name: String, _ counts: [Int], training: [Double], binNames: [String]) {
    rowCount = counts.reduce(0, +)
    let total = Double(max(1, rowCount))
    shares = counts.map { Double($0) / total }
    index = rowCount == 0 ? nil : Self.stabilityIndex(of: shares, against: training)
    self.name = name
    trainingShares = training
    self.binNames = binNames
  }

  public var verdict: Verdict {
    switch index {
    case nil: .noRows
    case .some where rowCount < Self.leastRows: .tooFewRows
    case .some(..<Self.similarBelow): .similar
    case .some(...Self.differentAbove): .changed
    case .some: .different
    }
  }

  /// The population stability index, the sum over bins of (*s* − *t*) · ln(*s* / *t*), where *s* and *t*
  /// are the bin's shares of the counted rows and of the training rows.
  ///
  /// Shares below 0.0001 count as 0.0001, so that an empty bin counts much but not infinitely.
  ///
  /// - SeeAlso: Siddiqi, "Credit Risk Scorecards", 2006; Yurdakul, "Statistical properties of population
  ///   stability index", 2018, for its distribution.
  static func stabilityIndex(of shares: [Double], against training: [Double]) -> Double {
    zip(shares, training).reduce(0) { sum, shares in
      let (found, training) = (max(shares.0, 1e-4), max(shares.1, 1e-4))
      return sum + (found - training) * log(found / training)
    }
  }
}

extension FeatureColumn {
  /// - Parameter counts: how many rows are in each bin, in the order of ``bin(of:)``.
  public func drift(counts: [Int]) -> DistributionDrift {
    DistributionDrift(name, counts, training: trainingShares, binNames: binNames)
  }

  /// How much a column's values differ from training.
  ///
  /// - Parameter values: numbers, NaN for missing ones, or codes of categories.
  public func drift(of values: some Sequence<Double>) -> DistributionDrift {
    var counts = [Int](repeating: 0, count: trainingShares.count)
    for value in values where value != Self.ignoredCode || categories == nil {
      counts[bin(of: value)] += 1
    }
    return drift(counts: counts)
  }

  private var binNames: [String] {
    switch content {
    case .categories(let categories): return categories.shownNames
    case .numbers(let numbers):
      let edges = numbers.binEdges.map(NumberText.shortest)
      guard let last = edges.last else { return ["all"] }
      return ["to \(edges[0])"] + edges.dropFirst().map { "to \($0)" } + ["over \(last)"]
    }
  }
}

extension CategoryDistribution {
  /// How much the classes of some rows differ from those of the training rows.
  ///
  /// - Parameter counts: how many rows have each class.
  public func drift(_ name: String, counts: [Int]) -> DistributionDrift {
    DistributionDrift(name, counts, training: shares, binNames: names)
  }
}
