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
    let columns = Parallelism.map(data.columns.count, threads: threads) { index, _ in
      let column = data.columns[index]
      let name = data.columnNames[index]
      let values = rows.map { column[$0] }
      let encoder = data.encoder(of: name)
      let missing = data.missing[index]
      return FeatureColumn(
        name: name,
        content: encoder.map {
          .categories(
            CategoryDistribution(
              names: $0.classes, codes: values.map { Int($0) }, hasMissing: missing != nil))
        } ?? .numbers(NumberDistribution(values, median: missing?.substitute)),
        scalings: data.featureRanges[index].map {
          FeatureColumn.Scaling(mean: data.scaler.means[$0], deviation: data.scaler.deviations[$0])
        },
        isOneHot: encoder != nil && data.encoding == .oneHot,
        missingWords: data.source.missingWords)
    }
    self.init(
      columns: columns, target: data.source.target,
      classes: CategoryDistribution(
        names: data.targetEncoder.classes, codes: data.training.labels))
  }

  /// Scales numbers and codes, a row per sample and a column per feature. A code of a one-hot column becomes its
  /// features.
  ///
  /// - Parameter values: a value for each of ``columns``.
  /// - Parameter keepsMissing: whether a missing number stays NaN; else it becomes the median.
  public func scaled(_ values: Matrix, keepsMissing: Bool = false) -> Matrix {
    guard !columns.contains(where: \.isOneHot) else {
      var elements: [Double] = []
      elements.reserveCapacity(values.rowCount * featureCount)
      for row in 0..<values.rowCount {
        append(values.row(row), keepsMissing: keepsMissing, to: &elements)
      }
      return Matrix(rowCount: values.rowCount, columnCount: featureCount, elements: elements)
    }
    var result = values
    let substitutes = columns.map { keepsMissing ? nil : $0.substitute }
    let scalings = columns.compactMap(\.scalings.first)
    result.withUnsafeMutableElements { elements in
      for start in stride(from: 0, to: elements.count, by: max(1, columns.count)) {
        for (feature, scaling) in scalings.enumerated() {
          var value = elements[start + feature]
          if value.isNaN { value = substitutes[feature] ?? value }
          elements[start + feature] = (value - scaling.mean) / scaling.deviation
        }
      }
    }
    return result
  }

  /// Scales one row of numbers and codes, as above.
  func scaled(_ row: [Double], keepsMissing: Bool) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(featureCount)
    append(row[...], keepsMissing: keepsMissing, to: &result)
    return result
  }

  /// Adds the scaled features of a row.
  private func append(
    _ row: ArraySlice<Double>, keepsMissing: Bool, to elements: inout [Double]
  ) {
    for (value, column) in zip(row, columns) {
      if column.isOneHot {
        for (category, scaling) in column.scalings.enumerated() {
          elements.append(((Double(category) == value ? 1 : 0) - scaling.mean) / scaling.deviation)
        }
      } else {
        let known = value.isNaN && !keepsMissing ? column.substitute ?? value : value
        for scaling in column.scalings {
          elements.append((known - scaling.mean) / scaling.deviation)
        }
      }
    }
  }
}
