import TestSupport

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `statistics-reference.json`, as make_statistics_reference.py wrote it with numpy 2.4.6, scipy 1.17.1
/// and statsmodels 0.15.0.
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
    let z: Double
    let p: Double
  }
  struct Folds: Decodable {
    let differences: [Double]
    let testShare: Double
    let mean: Double
    let standardError: Double
    let t: Double
    let p: Double
    let rope: Double
    let firstBetter: Double
    let equivalent: Double
    let secondBetter: Double
    let interval: [Double]
  }
  struct Bootstrap: Decodable {
    let estimate: Double
    let replicates: [Double]
    let leavingOneOut: [Double]
    let standardError: Double
    let percentile: [Double]
    let bca: [Double]
  }

  let distributions: Distributions
  let mcnemar: [McNemar]
  let holm: Holm
  let delong: [DeLong]
  let folds: [Folds]
  let bootstrap: [Bootstrap]

  static func read() throws -> StatisticsReference {
    let path =
      RepositoryFiles.root + "/Tests/StatisticsTests/Golden/statistics-reference.json"
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Self.self, from: Data(contentsOf: URL(filePath: path)))
  }
}
