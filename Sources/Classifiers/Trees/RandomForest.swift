public import Datasets
import LinearAlgebra

/// Many trees, each grown from rows drawn with replacement and with few features tried per split; their class shares
/// are averaged.
///
/// The forest is scikit-learn's `RandomForestClassifier` tree for tree.
///
///     let model = try RandomForest(treeCount: 200, seed: 7).fit(training)
///     let probabilities = model.probabilities(for: test.features)
///
/// - SeeAlso: Breiman, "Random forests", 2001, doi:10.1023/A:1010933404324.
extension RandomForest: Classifier {
  public static var acceptsMissing: Bool { true }

  public func learn(from dataset: Dataset, threads: Int) throws -> RandomForestModel {
    try learn(from: dataset, threads: threads) { _, _ in }
  }

  public func learn(
    from dataset: Dataset, threads: Int, progress: @escaping FitProgress
  ) throws -> RandomForestModel {
    let plan = try ForestPlan(self, dataset)
    let width = dataset.featureCount
    let grown = try plan.grow(threads: threads, progress: progress) {
      (tree: Tree) -> (tree: PredictionTree, importances: [Double]?) in
      let splits = tree.nodeCount > 1
      return (
        PredictionTree(tree), splits ? tree.featureImportances(featureCount: width) : nil
      )
    }
    let trees = grown.map { $0.tree }
    guard trees.reduce(0, { $0 + $1.nodeCount }) <= Int32.max else {
      throw FitError("a forest has at most \(Int32.max) nodes")
    }
    var score: Double?
    if scoresOutOfBag, let drawing = plan.drawing {
      score = outOfBagScore(of: trees, seeds: plan.seeds, drawing, dataset, threads: threads)
    }
    return RandomForestModel(
      TreePredictor(trees, featureCount: width, threads: threads),
      importances: grown.compactMap { $0.importances }, featureCount: width, outOfBagScore: score)
  }

  /// The forest's trees with everything that scikit-learn's tables have, most of which the model does not keep.
  public func trees(grownFrom dataset: Dataset, threads: Int) throws -> [Tree] {
    try validate()
    try dataset.checkForLearning(acceptsMissing: Self.acceptsMissing)
    return try ForestPlan(self, dataset).grow(
      threads: max(1, threads), progress: { _, _ in }, keeping: { $0 })
  }

  /// The accuracy on all rows, each predicted by the trees that did not draw it.
  private func outOfBagScore(
    of trees: [PredictionTree], seeds: [UInt32], _ drawing: RowDrawing, _ dataset: Dataset,
    threads: Int
  ) -> Double {
    var sums = Matrix(rowCount: dataset.sampleCount, columnCount: dataset.classCount)
    for (tree, seed) in zip(trees, seeds) {
      let draws = drawing.draws(seed: seed)
      let rows = dataset.labels.indices.filter { draws[$0] == 0 }
      let shares = TreePredictor([tree], featureCount: dataset.featureCount, threads: 1)
        .meanShares(for: dataset.features.rows(rows), threads: threads)
      for (index, row) in rows.enumerated() {
        for label in 0..<dataset.classCount { sums[row, label] += shares[index, label] }
      }
    }
    let right = zip(sums.rowArgMax(), dataset.labels).lazy.filter { $0 == $1 }.count
    return Double(right) / Double(dataset.sampleCount)
  }
}

/// What the trees of a forest are grown from.
private struct ForestPlan: Sendable {
  let dataset: Dataset
  let rules: GrowthRules
  /// The classes' weights if rows are not drawn; `nil` if all are one.
  let weights: [Double]?
  /// Whether class weights depend on the rows that each tree draws.
  let isBalancedPerTree: Bool
  let drawing: RowDrawing?
  /// Each tree's seed.
  let seeds: [UInt32]

  init(_ forest: RandomForest, _ dataset: Dataset) throws {
    self.dataset = dataset
    rules = try GrowthRules(
      forest.parameters, splitter: .best, sampleCount: dataset.sampleCount,
      featureCount: dataset.featureCount)
    let classWeight = forest.parameters.classWeight
    let isBalancedPerTree = classWeight == .balancedSubsample && forest.bootstrap
    self.isBalancedPerTree = isBalancedPerTree
    weights =
      isBalancedPerTree ? nil : try classWeight.resolved(classCounts: dataset.classSampleCounts)
    // As in scikit-learn, class weights change which rows are drawn; without bootstrap they are weights.
    drawing =
      forest.bootstrap
      ? try RowDrawing(forest.drawnSamples, dataset: dataset, weights: weights) : nil
    var twister = MersenneTwister(seed: forest.seed)
    seeds = (0..<forest.treeCount).map { _ in twister.next(upTo: UInt32(Int32.max) - 1) }
  }

  /// Grows all trees.
  ///
  /// - Returns: what `keep` makes of each.
  func grow<Kept: Sendable>(
    threads: Int, progress: FitProgress, keeping keep: @escaping @Sendable (Tree) -> Kept
  ) throws(FitError) -> [Kept] {
    try TreeEnsemble.grow(
      seeds.count, over: dataset, rules: rules,
      largestWeight: drawing?.largestDrawCount ?? 1, threads: threads, progress: progress,
      keeping: keep
    ) { [self] index in
      let seed = seeds[index]
      guard let drawing else { return TreePlan(seed: seed, draws: nil, classWeights: weights) }
      let draws = drawing.draws(seed: seed)
      return TreePlan(
        seed: seed, draws: draws,
        classWeights: isBalancedPerTree ? dataset.balancedWeights(of: draws) : nil)
    }
  }
}

/// Draws a tree's rows with replacement, as numpy's legacy generator does.
private struct RowDrawing: Sendable {
  private let sampleCount: Int
  private let drawCount: Int
  /// `nil` if all rows are equally likely.
  private let weighted: WeightedDrawing?

  init(_ amount: Amount?, dataset: Dataset, weights: [Double]?) throws(ParameterError) {
    sampleCount = dataset.sampleCount
    let rowWeights = weights.map { weights in dataset.labels.map { weights[$0] } }
    let total = rowWeights.map(PairwiseSum.sum) ?? Double(sampleCount)
    switch amount {
    case nil: drawCount = sampleCount
    case .count(let count): drawCount = count
    case .share(let share): drawCount = max(1, Int(min(share * total, 1e12)))
    }
    guard drawCount <= PackedSamples.largestSampleCount else {
      throw ParameterError(
        "max_samples", mustBe: "at most \(PackedSamples.largestSampleCount) rows",
        was: drawCount)
    }
    weighted = rowWeights.map { WeightedDrawing($0) }
  }

  /// The most often that a row is drawn.
  ///
  /// The number of draws of a row is binomial. If at most 16 are expected, more than 255 have a probability
  /// below 10⁻¹⁹⁰.
  var largestDrawCount: Int {
    let largestShare = weighted?.largestShare ?? 1 / Double(sampleCount)
    return largestShare * Double(drawCount) <= 16 ? min(drawCount, 255) : drawCount
  }

  /// How often each row is drawn for the tree of that seed.
  func draws(seed: UInt32) -> [UInt32] {
    var twister = MersenneTwister(seed: seed)
    var draws = [UInt32](repeating: 0, count: sampleCount)
    if let weighted {
      weighted.forEachRow(of: drawCount, &twister) { draws[$0] += 1 }
    } else {
      draws.withUnsafeMutableBufferPointer { draws in
        twister.forEachGroup(of: drawCount, upTo: UInt32(sampleCount - 1)) { rows in
          for row in rows { draws[Int(row)] &+= 1 }
        }
      }
    }
    return draws
  }
}

extension Dataset {
  /// Class weights in inverse proportion to how often each class was drawn.
  fileprivate func balancedWeights(of draws: [UInt32]) -> [Double] {
    var drawn = [Int](repeating: 0, count: classCount)
    for (label, count) in zip(labels, draws) { drawn[label] += Int(count) }
    let total = drawn.reduce(0, +)
    let present = drawn.lazy.filter { $0 > 0 }.count
    return drawn.map { $0 > 0 ? Double(total) / Double(present * $0) : 1 }
  }
}
