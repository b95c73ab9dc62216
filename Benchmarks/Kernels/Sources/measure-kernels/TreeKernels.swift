@testable import Classifiers
@testable import Datasets
@testable import LinearAlgebra

/// What grows trees and predicts with them.
struct TreeKernels {
  private let data: PreparedData
  private let growth: Growth
  private let plan: TreePlan
  private let root: CountingSplitter.Part
  private let trees: TreePredictor
  private let treeCount: Int

  /// A splitter that several kernels use.
  private final class Growth {
    let packed: PackedSamples
    var splitter: CountingSplitter

    init(_ packed: PackedSamples, labels: [Int], rules: GrowthRules) {
      self.packed = packed
      splitter = CountingSplitter(packed, labels: labels, rules: rules)
    }
  }

  init(_ data: PreparedData) throws {
    self.data = data
    let training = data.training
    let forest = RandomForest(seed: 42)
    var random = MersenneTwister(seed: 7)
    var draws = [UInt32](repeating: 0, count: training.sampleCount)
    for _ in draws.indices { draws[Int(random.next(upTo: UInt32(draws.count - 1)))] += 1 }
    plan = TreePlan(seed: 1, draws: draws)
    let rules = try GrowthRules(
      forest.parameters, splitter: .best, sampleCount: training.sampleCount,
      featureCount: training.featureCount)
    growth = Growth(
      try PackedSamples(training, largestWeight: Int(draws.max() ?? 1), threads: 1),
      labels: training.labels, rules: rules)
    growth.splitter.begin(plan)
    var weights = [0.0, 0.0]
    root = growth.splitter.root(classWeights: &weights).part
    trees = try forest.fit(training, threads: 1).predictor
    treeCount = forest.treeCount
  }

  private var packed: PackedSamples { growth.packed }
  private var tables: UnsafeMutablePointer<CellTable> { growth.splitter.buffers.tables.start }
  private var singleTable: UnsafeMutablePointer<CellTable> {
    tables + CountingBuffers.singleTable
  }

  var all: [Kernel] {
    [gather] + counting + [divide, search, walk, walkCoded]
  }

  private var gather: Kernel {
    Kernel(name: "gather a tree's records", element: "sample", count: data.training.sampleCount) {
      growth.splitter.begin(plan)
      return Int(growth.splitter.buffers.rootWeights.start[0])
    }
  }

  private func column(_ feature: Int) -> RecordColumn {
    RecordColumn(
      root.records, recordSize: packed.recordSize, field: packed.features.start[feature].cells)
  }

  private var weights: RecordColumn {
    RecordColumn(root.records, recordSize: packed.recordSize, field: packed.weightField)
  }

  /// Features by how many values they have, the fewest first.
  private var byWidth: [Int] {
    (0..<packed.featureCount).sorted {
      packed.features.start[$0].cellCount < packed.features.start[$1].cellCount
    }
  }

  private var counting: [Kernel] {
    let features = byWidth
    let (narrow, middle, wide) = (
      features[0], features[features.count / 2], features[features.count - 1]
    )
    let (tables, singleTable) = (tables, singleTable)
    let clear = {
      for place in 0...CountingBuffers.passWidth {
        let (weights, touched) = (tables[place].weights.start, tables[place].touched.start)
        weights.update(repeating: 0, count: tables[place].weights.count)
        touched.update(repeating: 0, count: tables[place].touched.count)
      }
    }
    let single = [(narrow, "few"), (middle, "some hundred"), (wide, "thousands of")].map {
      feature, width in
      Kernel(
        name: "count a feature of \(width) values", element: "record", count: root.count,
        prepare: clear
      ) {
        singleTable.pointee.count(root.count, weights: weights, cells: column(feature))
        return Int(singleTable.pointee.weights.start[0])
      }
    }
    let three = Kernel(
      name: "count three features in one pass", element: "record", count: root.count,
      prepare: clear
    ) {
      CellTable.count(
        root.count, weights: weights,
        (column(features[2]), column(middle), column(features[features.count - 2])),
        in: tables)
      return Int(tables[0].weights.start[0])
    }
    let marked = Kernel(
      name: "count and mark a feature of thousands of values", element: "record",
      count: root.count, prepare: clear
    ) {
      singleTable.pointee.countAndMark(
        root.count, weights: weights, cells: column(wide), groupShift: 2)
      return Int(singleTable.pointee.weights.start[0])
    }
    return single + [three, marked]
  }

  /// In the middle of the feature with most values: no guess of a branch would be any good.
  private var divide: Kernel {
    let feature = byWidth[packed.featureCount - 1]
    let split = BestSplit(
      feature: feature, threshold: 0, lastLeftRank: packed.features.start[feature].values.count / 2)
    return Kernel(
      name: "divide a node's records", element: "record", count: root.count,
      prepare: { growth.splitter.begin(plan) },
      run: {
        growth.splitter.move(root, by: split, keepsLeft: true, keepsRight: true).left.count
      })
  }

  /// Drawing, counting and scoring together, at the root.
  private var search: Kernel {
    let totals = (0..<2).map { label in
      zip(data.training.labels, plan.draws ?? []).reduce(0.0) {
        $0 + ($1.0 == label ? Double($1.1) : 0)
      }
    }
    return Kernel(
      name: "find the root's split among three features", element: "record", count: root.count,
      prepare: { growth.splitter.begin(plan) },
      run: {
        var constantCount = 0
        var left = [0.0, 0.0]
        let split = growth.splitter.findSplit(
          root, classWeights: totals, constantCount: &constantCount, bestLeft: &left)
        return split?.feature ?? -1
      })
  }

  /// Fewer rows than make it worth while to code the trees.
  private var walk: Kernel {
    let features = data.test.features.rows(Array(0..<2000))
    return Kernel(
      name: "walk down trees", element: "row and tree", count: features.rowCount * treeCount
    ) {
      trees.meanShares(for: features, threads: 1).rowCount
    }
  }

  /// The trees are coded in the first run; the rows are in each.
  private var walkCoded: Kernel {
    let features = data.test.features
    return Kernel(
      name: "walk down coded trees", element: "row and tree",
      count: features.rowCount * treeCount
    ) {
      trees.meanShares(for: features, threads: 1).rowCount
    }
  }
}
