import Datasets
import LinearAlgebra
import Support

/// What one tree is grown from.
struct TreePlan: Sendable {
  var seed: UInt32
  /// How often each row was drawn; `nil` if every row counts once.
  var draws: [UInt32]?
  /// The classes' weights; `nil` if all are one.
  var classWeights: [Double]?
}

/// Growing several trees over the same data.
enum TreeEnsemble {
  /// Grows a tree for every number below `count`.
  ///
  /// - Parameters:
  ///   - largestWeight: the most often that a row may be drawn.
  ///   - progress: called after every tree.
  ///   - keep: makes what is returned of each tree; called on any thread, as `plan` is.
  ///   - plan: the plan of tree number `i`.
  static func grow<Kept: Sendable>(
    _ count: Int, over dataset: Dataset, rules: GrowthRules, largestWeight: Int, threads: Int,
    progress: FitProgress = { _, _ in }, keeping keep: @escaping @Sendable (Tree) -> Kept,
    plan: @escaping @Sendable (Int) -> TreePlan
  ) throws(FitError) -> [Kept] {
    guard dataset.sampleCount <= PackedSamples.largestSampleCount else {
      throw FitError("trees take at most \(PackedSamples.largestSampleCount) samples")
    }
    guard dataset.classCount <= PackedSamples.largestClassCount else {
      throw FitError("trees take at most \(PackedSamples.largestClassCount) classes")
    }
    let largest = Double(Float.greatestFiniteMagnitude)
    if let odd = dataset.features.elements.firstIndex(where: { abs($0) > largest }) {
      throw FitError(
        "feature \"\(dataset.featureNames[odd % dataset.featureCount])\": "
          + "\(dataset.features.elements[odd]) is too large for a tree's 32-bit numbers")
    }
    let packed = try PackedSamples(dataset, largestWeight: largestWeight, threads: threads)
    nonisolated(unsafe) let growers = (0..<min(threads, count)).map { _ in
      TreeGrower(packed, labels: dataset.labels, rules: rules)
    }
    let finished = Atomic(0)
    return Parallelism.map(count, threads: threads) { index, worker in
      let kept = keep(growers[worker].grow(plan(index)))
      progress(finished.wrappingAdd(1, ordering: .relaxed).newValue, count)
      return kept
    }
  }
}

/// Grows trees over one data set, one after the other.
private final class TreeGrower {
  private let packed: PackedSamples
  private let labels: [Int]
  private let rules: GrowthRules
  private lazy var counting = Grower<CountingSplitter>(packed, labels: labels, rules: rules)
  private lazy var sorting = Grower<SortingSplitter>(packed, labels: labels, rules: rules)

  init(_ packed: PackedSamples, labels: [Int], rules: GrowthRules) {
    self.packed = packed
    self.labels = labels
    self.rules = rules
  }

  func grow(_ plan: TreePlan) -> Tree {
    plan.classWeights == nil ? counting.grow(plan) : sorting.grow(plan)
  }
}

/// A splitter and its builder, with memory that is allocated once.
private final class Grower<Splitting: NodeSplitter & ~Copyable> {
  private var splitter: Splitting
  private var builder: TreeBuilder<Splitting>

  init(_ packed: PackedSamples, labels: [Int], rules: GrowthRules) {
    splitter = Splitting(packed, labels: labels, rules: rules)
    builder = TreeBuilder(
      rules: rules, classCount: packed.classCount, routesMissing: packed.routesMissing)
  }

  func grow(_ plan: TreePlan) -> Tree {
    splitter.begin(plan)
    return builder.grow(&splitter)
  }
}
