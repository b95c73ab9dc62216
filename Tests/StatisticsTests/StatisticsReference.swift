import Evaluation
import TestSupport

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `statistics-reference.json`, as make_statistics_reference.py wrote it with numpy 2.4.6, scipy
/// 1.17.1 and statsmodels 0.15.0.
struct StatisticsReference: Decodable {
  struct Distribution: Decodable {
    let degreesOfFreedom: Double?
    let points: [Double]
    let cumulative: [Double]
    let twoSided: [Double]
    let shares: [Double]
    let quantiles: [Double]
  }
  struct Distributions: Decodable {
    let normal: Distribution
    let student: [Distribution]
  }
  struct McNemar: Decodable {
    let firstOnly: Int
    let secondOnly: Int
    let exact: Bool
    let statistic: Double?
    let p: Double
    let firstBetter: Double
    let secondBetter: Double
  }
  struct Holm: Decodable {
    let probabilities: [Double]
    let corrected: [Double]
  }
  struct DeLong: Decodable {
    let actual: [Int]
    let first: [Double]
    let second: [Double]
    let areas: [Double]
    let standardError: Double
    let t: Double
    let degreesOfFreedom: Double
    let p: Double
    let interval: [Double]
  }
  struct Folds: Decodable {
    let differences: [Double]
    let testShare: Double
    let mean: Double
    let standardError: Double
    let t: Double
    let p: Double
    let reach: Double
    let rope: Double
    let firstBetter: Double
    let equivalent: Double
    let secondBetter: Double
    let interval: [Double]
  }
  struct Share: Decodable {
    let hits: Int
    let total: Int
    let interval: [Double]
  }
  struct Area: Decodable {
    let actual: [Int]
    let scores: [Double]
    let area: Double
    let logit: [Double]?
    let newcombe: [Double]
  }
  struct Dirichlet: Decodable {
    let counts: [[Int]]
    let intervals: [Metric: [Double]]

    private enum CodingKeys: CodingKey { case counts, intervals }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      counts = try values.decode([[Int]].self, forKey: .counts)
      let byKey = try values.decode([String: [Double]].self, forKey: .intervals)
      intervals = Dictionary(
        uniqueKeysWithValues: Metric.allCases.compactMap { metric in
          byKey[metric.rawValue].map { (metric, $0) }
        })
    }
  }
  struct Loss: Decodable {
    let losses: [Double]
    let interval: [Double]
  }

  let distributions: Distributions
  let mcnemar: [McNemar]
  let holm: Holm
  let delong: [DeLong]
  let folds: [Folds]
  let shares: [Share]
  let areas: [Area]
  let dirichlet: [Dirichlet]
  let loss: Loss

  static func read() throws -> StatisticsReference {
    let path =
      RepositoryFiles.root + "/Tests/StatisticsTests/Golden/statistics-reference.json"
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Self.self, from: Data(contentsOf: URL(filePath: path)))
  }
}
