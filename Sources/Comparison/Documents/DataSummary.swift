import Classifiers
public import Datasets
import Evaluation
import LinearAlgebra
import ModelFiles

/// The data at a glance: rows of each class, and how each feature is distributed in them.
public struct DataSummary: Codable, Hashable, Sendable {
  public let trainingCounts: [Int]
  public let testCounts: [Int]
  public let features: [Feature]

  public struct Feature: Codable, Hashable, Sendable {
    public let name: String
    /// The borders of the bins of a feature of numbers; the outermost bins hold what lies beyond, too.
    public let edges: [Double]?
    /// The values of a feature of words.
    public let categories: [String]?
    /// How many cells are missing; `nil` for none. Of numbers they are in no bin.
    public var missing: Int?
    /// `counts[class][bin]`, training and test rows together.
    public var counts: [[Int]]
  }

  private enum CodingKeys: String, CodingKey {
    case trainingCounts = "training_counts"
    case testCounts = "test_counts"
    case features
  }
}

extension DataSummary {
  /// - Parameter threads: how many threads may work; it never changes the result.
  public init(_ data: PreparedData, threads: Int) {
    trainingCounts = data.training.classCounts
    testCounts = data.test.classCounts
    let labels = data.training.labels + data.test.labels
    let classCount = data.training.classCount
    let rows = data.training.rows + data.test.rows
    features = Parallelism.map(data.columns.count, threads: threads) { index, _ in
      let name = data.columnNames[index]
      let isMissing = data.missing[index].map { _ in data.isMissing(index) }
      let missing = isMissing.map { isMissing in isMissing.count { $0 } }
      if let encoder = data.encoder(of: name) {
        let names = encoder.classes + (missing == nil ? [] : [CategoryDistribution.missingName])
        var counts = [[Int]](
          repeating: [Int](repeating: 0, count: names.count), count: classCount)
        for (row, label) in zip(rows, labels) { counts[label][Int(data.columns[index][row])] += 1 }
        return Feature(
          name: name, edges: nil, categories: names, missing: missing, counts: counts)
      }
      // Scaling is undone: bins are to fit the table's own numbers.
      let feature = data.featureRanges[index].lowerBound
      let mean = data.scaler.means[feature]
      let deviation = data.scaler.deviations[feature]
      let values = (data.training.features.column(feature) + data.test.features.column(feature))
        .map { $0 * deviation + mean }
      let histogram =
        if let isMissing {
          ClassHistogram(
            values: zip(values, isMissing).filter { !$1 }.map(\.0),
            labels: zip(labels, isMissing).filter { !$1 }.map(\.0), classCount: classCount)
        } else {
          ClassHistogram(values: values, labels: labels, classCount: classCount)
        }
      return Feature(
        name: name, edges: histogram.edges.map(Self.tidied), categories: nil, missing: missing,
        counts: histogram.counts)
    }
  }

  /// A number without the digits that scaling back and forth has left: twelve significant ones.
  private static func tidied(_ value: Double) -> Double {
    guard value != 0, value.isFinite, abs(value) > 1e-100 else { return 0 }
    var scale = 1.0
    while abs(value) * scale < 1e11 { scale *= 10 }
    while abs(value) * scale >= 1e12 { scale /= 10 }
    return (value * scale).rounded() / scale
  }
}
