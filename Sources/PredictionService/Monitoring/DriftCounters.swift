import ModelFiles
import SavedModels

/// Counts a model's inputs and predictions: for each feature the values in each bin of its training
/// distribution, and how often each class was predicted.
final class DriftCounters: Sendable {
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
  var drifts: [DistributionDrift] {
    zip(columns, features).map { $0.drift(counts: $1.values) }
  }

  /// The drift of the predicted classes against the classes of the training rows.
  var classDrift: DistributionDrift { classes.drift("predicted class", counts: predictionCounts) }
}
