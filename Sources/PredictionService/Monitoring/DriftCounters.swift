import ModelFiles
import SavedModels
import Support

/// Counts a model's inputs and predictions: for each feature the values in each bin of its training
/// distribution, and how often each class was predicted.
final class DriftCounters: Sendable {
  /// How much a feature differs from the training data.
  struct Drift: Sendable {
    let name: String
    /// The population stability index; `nil` before the first row.
    let index: Double?
    let trainingShares: [Double]
    let servedShares: [Double]
    /// The name of each bin.
    let binNames: [String]
  }

  private let columns: [FeatureColumn]
  /// The upper edges of each column's bins; `nil` for categories, whose codes are the bins.
  private let binEdges: [[Double]?]
  private let classes: CategoryDistribution
  private let features: [Counters]
  private let predictions: Counters

  init(_ pipeline: SavedPipeline) {
    columns = pipeline.columns
    binEdges = columns.map { column in
      if case .numbers(let numbers) = column.content { numbers.binEdges } else { nil }
    }
    classes = pipeline.preprocessing.classes
    features = columns.map { Counters($0.trainingShares.count) }
    predictions = Counters(classes.names.count)
  }

  /// Counts a row.
  func count(_ values: ArraySlice<Double>, predictedClass: Int) {
    for (feature, counters) in features.enumerated() {
      let value = values[values.startIndex + feature]
      guard let edges = binEdges[feature] else {
        // An ignored category is in no bin.
        if value != FeatureColumn.ignoredCode { counters.add(to: Int(value)) }
        continue
      }
      if value.isNaN {
        counters.add(to: columns[feature].bin(of: value))
        continue
      }
      var bin = 0
      while bin < edges.count, value > edges[bin] { bin += 1 }
      counters.add(to: bin)
    }
    predictions.add(to: predictedClass)
  }

  /// How often each class was predicted.
  var predictionCounts: [Int] { predictions.values }
  /// How many rows were predicted.
  var rowCount: Int { predictionCounts.reduce(0, +) }

  /// The drift of each feature.
  var drifts: [Drift] {
    zip(columns, features).map { column, counters in
      Self.drift(
        column.name, counters.values, column.trainingShares, Self.binNames(of: column.content))
    }
  }

  /// The drift of the predicted classes against the classes of the training rows.
  var classDrift: Drift {
    Self.drift("predicted class", predictionCounts, classes.shares, classes.names)
  }

  private static func drift(
    _ name: String, _ counts: [Int], _ training: [Double], _ binNames: [String]
  ) -> Drift {
    let total = counts.reduce(0, +)
    let shares = counts.map { total == 0 ? 0 : Double($0) / Double(total) }
    return Drift(
      name: name, index: total == 0 ? nil : stabilityIndex(served: shares, training: training),
      trainingShares: training, servedShares: shares, binNames: binNames)
  }

  /// The population stability index, the sum over bins of (*s* − *t*) · ln(*s* / *t*), where *s* and *t*
  /// are the bin's shares of the served rows and of the training rows.
  ///
  /// Shares below 0.0001 count as 0.0001, so that an empty bin counts much but not infinitely. Below 0.1
  /// the distributions count as similar, above 0.25 as different.
  ///
  /// - SeeAlso: Siddiqi, "Credit Risk Scorecards", 2006; Yurdakul, "Statistical properties of population
  ///   stability index", 2018, for its distribution.
  static func stabilityIndex(served: [Double], training: [Double]) -> Double {
    zip(served, training).reduce(0) { sum, shares in
      let (served, training) = (max(shares.0, 1e-4), max(shares.1, 1e-4))
      return sum + (served - training) * logarithm(served / training)
    }
  }

  private static func binNames(of content: FeatureColumn.Content) -> [String] {
    switch content {
    case .categories(let categories): return categories.shownNames
    case .numbers(let numbers):
      let edges = numbers.binEdges.map(NumberText.shortest)
      guard let last = edges.last else { return ["all"] }
      return ["to \(edges[0])"] + edges.dropFirst().map { "to \($0)" } + ["over \(last)"]
    }
  }
}
