import Classifiers
public import Datasets
public import LinearAlgebra
public import ModelFiles

extension SavedPreprocessing {
  /// The preprocessing of prepared data, with the distribution of the training rows.
  ///
  /// - Parameter threads: how many threads may work; it never changes the result.
  public init(_ data: PreparedData, threads: Int = 1) {
    let rows = data.training.rows
    let columns = Parallelism.map(data.columns.count, threads: threads) { feature, _ in
      let column = data.columns[feature]
      let name = data.training.featureNames[feature]
      let values = rows.map { column[$0] }
      let encoder = data.encoder(of: name)
      let missing = data.missing[feature]
      return FeatureColumn(
        name: name,
        content: encoder.map {
          .categories(
            CategoryDistribution(
              names: $0.classes, codes: values.map { Int($0) }, hasMissing: missing != nil))
        } ?? .numbers(NumberDistribution(values, median: missing?.substitute)),
        mean: data.scaler.means[feature], deviation: data.scaler.deviations[feature],
        missingWords: data.source.missingWords)
    }
    self.init(
      columns: columns, target: data.source.target,
      classes: CategoryDistribution(
        names: data.targetEncoder.classes, codes: data.training.labels))
  }

  /// Scales numbers and codes, a row per sample and a column per feature.
  ///
  /// - Parameter keepsMissing: whether a missing number stays NaN; else it becomes the median.
  public func scaled(_ values: Matrix, keepsMissing: Bool = false) -> Matrix {
    var result = values
    let substitutes = columns.map { keepsMissing ? nil : $0.substitute }
    result.withUnsafeMutableElements { elements in
      for start in stride(from: 0, to: elements.count, by: max(1, columns.count)) {
        for (feature, column) in columns.enumerated() {
          var value = elements[start + feature]
          if value.isNaN { value = substitutes[feature] ?? value }
          elements[start + feature] = (value - column.mean) / column.deviation
        }
      }
    }
    return result
  }

  /// Scales one row of numbers and codes, as above.
  func scaled(_ row: [Double], keepsMissing: Bool) -> [Double] {
    var result = row
    for (feature, column) in columns.enumerated() {
      var value = row[feature]
      if value.isNaN, !keepsMissing { value = column.substitute ?? value }
      result[feature] = (value - column.mean) / column.deviation
    }
    return result
  }
}
