import Datasets
import LinearAlgebra
import ModelFiles

/// Rows, as bins, and their loss.
struct BoostingPart: Sendable {
  let rows: BinnedRows
  let loss: BoostingLoss
}

/// What rounds of boosting learn from: training rows, and those held out to decide when rounds end.
struct BoostingData: Sendable {
  /// With more rows, rounds end early by default.
  private static let mostRowsWithoutStopping = 10_000

  let training: BoostingPart
  /// `nil` if none are held out.
  let validation: BoostingPart?
  let stopsEarly: Bool
  /// Where each feature is in the data set: the categorical ones come first, as in scikit-learn, which decides ties.
  let columns: [Int]
  /// Whether each class has a sample.
  let isPresent: [Bool]
  let baseline: [Double]
  /// The seed of the features that splits try.
  let featureSeed: UInt32

  var rows: BinnedRows { training.rows }

  /// - Returns: `nil` if there is a single class, and nothing to learn.
  init?(_ dataset: Dataset, _ parameters: HistGradientBoosting, threads: Int) throws {
    guard dataset.featureCount <= BoostingTensors.mostFeatures else {
      throw FitError("boosted trees take at most \(BoostingTensors.mostFeatures) features")
    }
    let counts = dataset.classSampleCounts
    let weights = try parameters.classWeight.resolved(classCounts: counts)
    let present = counts.indices.filter { counts[$0] > 0 }
    guard present.count > 1 else { return nil }
    let categories = try Self.categories(of: dataset, parameters)
    let columns =
      categories.keys.sorted() + (0..<dataset.featureCount).filter { categories[$0] == nil }
    self.columns = columns
    isPresent = counts.map { $0 > 0 }
    var numberOfClass = [Int](repeating: 0, count: counts.count)
    for (number, label) in present.enumerated() { numberOfClass[label] = number }
    let labels = dataset.labels.map { numberOfClass[$0] }
    let classWeights = weights.map { weights in present.map { weights[$0] } }
    // As numpy draws 64 bits below 2³² − 1.
    var twister = MersenneTwister(seed: parameters.seed)
    let seed = twister.next(upTo: .max - 1)
    featureSeed = twister.next(upTo: .max - 1)
    stopsEarly =
      switch parameters.earlyStopping {
      case .automatic: labels.count > Self.mostRowsWithoutStopping
      case .always: true
      case .never: false
      }
    let positions =
      try stopsEarly
      ? parameters.validation.map { held throws(FitError) in
        try Self.split(labels, held, dataset, present, seed: seed)
      } : nil
    /// - Parameter bins: `nil` to make them of these rows.
    func part(_ rows: [Int]?, _ bins: [FeatureBins]?) -> BoostingPart {
      let features = rows.map { dataset.features.rows($0) } ?? dataset.features
      let loss = BoostingLoss(
        labels: (rows.map { rows in rows.map { labels[$0] } } ?? labels).map { Int32($0) },
        classCount: present.count, classWeights: classWeights)
      let bins =
        bins
        ?? Self.bins(
          of: features, columns, loss, parameters, categories, seed: seed, threads: threads)
      return BoostingPart(
        rows: BinnedRows(features, bins, places: columns, threads: threads), loss: loss)
    }
    let training = part(positions?.training, nil)
    self.training = training
    validation = positions.map { part($0.test, training.rows.bins) }
    baseline = training.loss.baseline
  }

  /// The categories of each categorical feature, by feature: the different values of all rows, also of those held out.
  private static func categories(
    of dataset: Dataset, _ parameters: HistGradientBoosting
  ) throws(FitError) -> [Int: [Double]] {
    guard parameters.categoricalFeatures == .fromType else { return [:] }
    var categories: [Int: [Double]] = [:]
    for feature in dataset.categoricalFeatures {
      let values = (0..<dataset.sampleCount).map { dataset.features[$0, feature] }
      let known = Set(values.filter { !$0.isNaN }).sorted()
      guard known.count <= parameters.maximumBinCount else {
        throw FitError(
          "feature \"\(dataset.featureNames[feature])\": expected at most max_bins = "
            + "\(parameters.maximumBinCount) categories, found \(known.count); leave the column out, or set "
            + "categorical_features to none")
      }
      categories[feature] = known
    }
    return categories
  }

  /// The rows to learn from, and those held out, with the classes in the same shares.
  private static func split(
    _ labels: [Int], _ held: Amount, _ dataset: Dataset, _ present: [Int], seed: UInt32
  ) throws(FitError) -> (training: [Int], test: [Int]) {
    let testCount = held.roundedUp(of: labels.count)
    let advice = "; set early_stopping to false, or validation_fraction to none"
    guard min(testCount, labels.count - testCount) >= present.count else {
      throw FitError(
        "early stopping holds out \(testCount) of \(labels.count) rows: expected at least "
          + "\(present.count) on each side, as many as there are classes" + advice)
    }
    let counts = dataset.classSampleCounts
    if let single = present.first(where: { counts[$0] == 1 }) {
      throw FitError(
        "early stopping holds out rows of each class: expected at least 2 of class "
          + "\"\(dataset.classNames[single])\", found 1" + advice)
    }
    return StratifiedSplit(testCount: testCount, seed: seed)
      .positions(labels: labels, classCount: present.count)
  }

  /// The bins of each of the columns: those of all training rows, or of some drawn with replacement.
  private static func bins(
    of features: Matrix, _ columns: [Int], _ loss: BoostingLoss,
    _ parameters: HistGradientBoosting, _ categories: [Int: [Double]], seed: UInt32, threads: Int
  ) -> [FeatureBins] {
    let chosen = chosenRows(features.rowCount, loss, seed: seed)
    let weights = chosen == nil ? loss.rowWeights : nil
    return Parallelism.map(columns.count, threads: threads) { place, _ in
      let feature = columns[place]
      if let categories = categories[feature] { return FeatureBins(categories: categories) }
      let width = features.columnCount
      let values = features.elements.withUnsafeBufferPointer { elements in
        chosen.map { $0.map { elements[$0 * width + feature] } }
          ?? (0..<features.rowCount).map { elements[$0 * width + feature] }
      }
      return FeatureBins(of: values, weights: weights, limit: parameters.maximumBinCount)
    }
  }

  /// - Returns: `nil` if all rows are used.
  private static func chosenRows(
    _ rowCount: Int, _ loss: BoostingLoss, seed: UInt32
  ) -> [Int]? {
    guard rowCount > FeatureBins.rowLimit else { return nil }
    var twister = MersenneTwister(seed: seed)
    var chosen: [Int] = []
    if let weights = loss.rowWeights {
      WeightedDrawing(weights).forEachRow(of: FeatureBins.rowLimit, &twister) { chosen.append($0) }
    } else {
      twister.forEachGroup(of: FeatureBins.rowLimit, upTo: UInt32(rowCount - 1)) { group in
        chosen += group.map { Int($0) }
      }
    }
    return chosen
  }
}
