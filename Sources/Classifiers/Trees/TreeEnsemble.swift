import Datasets
import LinearAlgebra

/// What a single tree or one tree of a forest is to be grown from.
struct TreePlan: Sendable {
  var seed: UInt32
  /// How often each row was drawn; `nil` where every row counts once.
  var draws: [UInt32]?
  /// What each class weighs; `nil` where all weigh one.
  var classWeights: [Double]?
}

/// Growing several trees over the same data.
enum TreeEnsemble {
  /// Grows a tree for every number below `count`.
  ///
  /// - Parameter plan: what tree number `i` grows from; called on any thread.
  static func grow(
    _ count: Int, over dataset: Dataset, rules: GrowthRules, threads: Int,
    plan: @escaping @Sendable (Int) -> TreePlan
  ) throws(FitError) -> [Tree] {
    guard dataset.sampleCount <= TreeGrower<UInt32>.largestSampleCount else {
      throw FitError("trees take at most \(TreeGrower<UInt32>.largestSampleCount) samples")
    }
    guard dataset.classCount <= TreeGrower<UInt32>.largestClassCount else {
      throw FitError("trees take at most \(TreeGrower<UInt32>.largestClassCount) classes")
    }
    let largest = Double(Float.greatestFiniteMagnitude)
    if let odd = dataset.features.elements.firstIndex(where: { abs($0) > largest }) {
      throw FitError(
        "feature \"\(dataset.featureNames[odd % dataset.featureCount])\": "
          + "\(dataset.features.elements[odd]) is too large for a tree's 32-bit numbers")
    }
    let columns = sortedColumns(of: dataset.features, threads: threads)
    if columns.allSatisfy({ $0.values.count <= Int(UInt16.max) + 1 }) {
      let ranked = RankedFeatures<UInt16>(columns, sampleCount: dataset.sampleCount)
      return grow(count, ranked, dataset, rules: rules, threads: threads, plan: plan)
    }
    let ranked = RankedFeatures<UInt32>(columns, sampleCount: dataset.sampleCount)
    return grow(count, ranked, dataset, rules: rules, threads: threads, plan: plan)
  }

  private static func sortedColumns(of features: Matrix, threads: Int) -> [SortedColumn] {
    Parallelism.map(features.columnCount, threads: threads) { column, _ in
      SortedColumn(features, column: column)
    }
  }

  private static func grow<Rank>(
    _ count: Int, _ ranked: RankedFeatures<Rank>, _ dataset: Dataset, rules: GrowthRules,
    threads: Int, plan: @escaping @Sendable (Int) -> TreePlan
  ) -> [Tree] {
    nonisolated(unsafe) let growers = (0..<min(threads, count)).map { _ in
      TreeGrower(features: ranked, rules: rules, classCount: dataset.classCount)
    }
    return Parallelism.map(count, threads: threads) { index, worker in
      let plan = plan(index)
      return growers[worker].grow(
        labels: dataset.labels, draws: plan.draws, weights: plan.classWeights, seed: plan.seed)
    }
  }
}
