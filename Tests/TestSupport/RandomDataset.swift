public import Datasets
import LinearAlgebra

/// A small generator with a seed, so that a failing case can be repeated.
public struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  /// SplitMix64: Steele, Lea and Flood, 2014, doi:10.1145/2660193.2660195.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
    return word ^ word >> 31
  }
}

/// Samples with many ties, whose class depends on the first features with some noise.
public func randomDataset(
  samples: Int, features: Int, classes: Int, distinctValues: Int, seed: UInt64
) -> Dataset {
  var generator = SeededGenerator(seed: seed)
  var elements: [Double] = []
  var labels: [Int] = []
  for sample in 0..<samples {
    let row = (0..<features).map { _ in
      Double(Int.random(in: 0..<distinctValues, using: &generator)) / 4
    }
    elements += row
    let score = (row[0] - row[features / 2] + Double(distinctValues) / 4) * 2
    let noise = Int.random(in: 0...2, using: &generator)
    labels.append(sample < classes ? sample : (Int(score) + noise) % classes)
  }
  return Dataset(
    features: Matrix(rowCount: samples, columnCount: features, elements: elements), labels: labels,
    featureNames: (0..<features).map { "feature \($0)" },
    classNames: (0..<classes).map { "class \($0)" })
}

extension Dataset {
  /// The same samples with a share of their values missing.
  public func removingValues(share: Double, seed: UInt64) -> Dataset {
    var generator = SeededGenerator(seed: seed)
    let elements = features.elements.map {
      Double.random(in: 0..<1, using: &generator) < share ? .nan : $0
    }
    return Dataset(
      features: Matrix(
        rowCount: sampleCount, columnCount: featureCount, elements: elements),
      labels: labels, featureNames: featureNames, classNames: classNames, rows: rows,
      categoricalFeatures: categoricalFeatures)
  }

  /// The same samples, of which some features are codes of names.
  public func withCategories(_ features: [Int]) -> Dataset {
    Dataset(
      features: self.features, labels: labels, featureNames: featureNames, classNames: classNames,
      rows: rows, expectsMissing: expectsMissing, categoricalFeatures: features)
  }
}
