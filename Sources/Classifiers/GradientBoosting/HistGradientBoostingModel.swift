import Datasets
public import LinearAlgebra

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Boosted trees, which predict a raw number per class, or one for two classes, and from it probabilities.
public struct HistGradientBoostingModel: ClassificationModel {
  /// The trees, as they are saved.
  let boosting: BoostingTensors
  private let predictor: BoostingPredictor
  public let lossCurve: LossCurve?

  public let featureCount: Int
  public var classCount: Int { boosting.isPresent.count }
  public var tensors: any ModelTensors { boosting }

  /// The number of rounds: `n_iter_`.
  public var roundCount: Int { boosting.roots.count / max(1, boosting.baseline.count) }

  init(_ tensors: BoostingTensors, lossCurve: LossCurve? = nil) {
    boosting = tensors
    predictor = BoostingPredictor(tensors)
    featureCount = tensors.firstThresholds.count - 1
    self.lossCurve = lossCurve
  }

  /// A model without trees, which always predicts the only class that has samples.
  init(singleClassOf dataset: Dataset) {
    self.init(
      trees: [], baseline: [],
      bins: [FeatureBins](repeating: FeatureBins(thresholds: []), count: dataset.featureCount),
      columns: Array(0..<dataset.featureCount),
      isPresent: dataset.classSampleCounts.map { $0 > 0 }, lossCurve: nil)
  }

  /// - Parameters:
  ///   - trees: the trees of each round.
  ///   - columns: where each feature of the trees and bins is among those of the data set.
  init(
    trees: [[BoostedTree]], baseline: [Double], bins: [FeatureBins], columns: [Int],
    isPresent: [Bool], lossCurve: LossCurve?
  ) {
    self.init(
      BoostingTensors(trees.flatMap { $0 }, baseline, bins, columns, isPresent),
      lossCurve: lossCurve)
  }

  public func probabilities(for features: Matrix, threads: Int) -> Matrix {
    precondition(features.columnCount == featureCount, "the model knows \(featureCount) features")
    let present = boosting.isPresent.indices.filter { boosting.isPresent[$0] }
    var result = Matrix(rowCount: features.rowCount, columnCount: classCount)
    result.withUnsafeMutableElements { result in
      nonisolated(unsafe) let result = result
      predictor.forEachRow(of: features, threads: threads) { row, raw in
        let shares = row * classCount
        switch present.count {
        case 1: result[shares + present[0]] = 1
        case 2:
          let share = 1 / (1 + exp(-raw[0]))
          result[shares + present[0]] = 1 - share
          result[shares + present[1]] = share
        default:
          let largest = raw.max() ?? 0
          var sum = 0.0
          for (label, value) in zip(present, raw) {
            result[shares + label] = exp(value - largest)
            sum += result[shares + label]
          }
          for label in present { result[shares + label] /= sum }
        }
      }
    }
    return result
  }

  public func prepareForBatches(threads: Int) { predictor.prepareForBatches() }

  /// The raw predictions: scikit-learn's `decision_function`, with a column per tree of a round.
  public func rawPredictions(for features: Matrix, threads: Int) -> Matrix {
    var result = Matrix(rowCount: features.rowCount, columnCount: boosting.baseline.count)
    result.withUnsafeMutableElements { result in
      nonisolated(unsafe) let result = result
      predictor.forEachRow(of: features, threads: threads) { row, raw in
        for (output, value) in raw.enumerated() { result[row * raw.count + output] = value }
      }
    }
    return result
  }
}

extension BoostingTensors {
  /// - Parameters:
  ///   - trees: all trees, round after round.
  ///   - columns: where each feature of the trees and bins is among those of the data set.
  fileprivate init(
    _ trees: [BoostedTree], _ baseline: [Double], _ bins: [FeatureBins], _ columns: [Int],
    _ isPresent: [Bool]
  ) {
    var roots: [Int32] = []
    var leftChildren: [Int32] = []
    var leafValues: [Double] = []
    for tree in trees {
      let root = Int32(leftChildren.count)
      roots.append(root)
      for node in tree.nodes {
        if let left = node.leftChild {
          leftChildren.append(root + Int32(left))
        } else {
          leftChildren.append(-1 - Int32(leafValues.count))
          leafValues.append(node.value)
        }
      }
    }
    let nodes = trees.flatMap(\.nodes)
    let bins = columns.indices.sorted { columns[$0] < columns[$1] }.map { bins[$0] }
    let sets = nodes.indices.compactMap { node in nodes[node].leftCategories.map { (node, $0) } }
    self.init(
      isPresent: isPresent, baseline: baseline, thresholds: bins.flatMap(\.thresholds),
      firstThresholds: bins.reduce(into: [0]) {
        $0.append($0[$0.count - 1] + Int32($1.thresholds.count))
      },
      roots: roots, leftChildren: leftChildren,
      features: nodes.map { $0.leftChild == nil ? 0 : Int32(columns[$0.feature]) },
      bins: nodes.map { UInt8($0.bin) }, missingGoesLeft: nodes.map { $0.missingGoesLeft ? 1 : 0 },
      gains: nodes.map(\.gain), counts: nodes.map { Int32($0.count) }, leafValues: leafValues,
      isCategorical: bins.map(\.isCategorical),
      leftCategories: Dictionary(uniqueKeysWithValues: sets))
  }
}
