@testable import Classifiers
@testable import Datasets
@testable import LinearAlgebra

/// What grows trees and predicts with them.
struct TreeKernels {
  private let data: PreparedData
  private let packed: PackedSamples
  private let divider: Held<TallyDivider>
  private let draws: [UInt32]
  private let root: TallyDivider.Part
  private let trees: TreePredictor

  private final class Held<Value> {
    var value: Value
    init(_ value: Value) { self.value = value }
  }

  init(_ data: PreparedData) throws {
    self.data = data
    let training = data.training
    let forest = RandomForest(seed: 42)
    var random = MersenneTwister(seed: 7)
    var draws = [UInt32](repeating: 0, count: training.sampleCount)
    for _ in draws.indices { draws[Int(random.next(upTo: UInt32(draws.count - 1)))] += 1 }
    self.draws = draws
    packed = try PackedSamples(training, largestWeight: Int(draws.max() ?? 1), threads: 1)
    let rules = try GrowthRules(
      forest.parameters, splitter: .best, sampleCount: training.sampleCount,
      featureCount: training.featureCount)
    let divider = Held(TallyDivider(packed, rules: rules))
    self.divider = divider
    divider.value.begin(labels: training.labels, draws: draws, seed: 1)
    var weights = [0.0, 0.0]
    let child = weights.withUnsafeMutableBufferPointer { weights in
      divider.value.root(classWeights: weights.baseAddress!)
    }
    root = child.part
    let model = try forest.fit(training, threads: 1)
    trees = TreePredictor(model.trees, threads: 1)
  }

  var all: [Kernel] {
    [gather] + counting + [divide, search, walk, walkCoded]
  }

  private var gather: Kernel {
    Kernel(name: "gather a tree's records", element: "sample", count: draws.count) {
      divider.value.begin(labels: data.training.labels, draws: draws, seed: 1)
      return Int(divider.value.memory.rootWeights[0])
    }
  }

  private func column(_ feature: Int) -> RecordColumn {
    RecordColumn(
      root.records, recordSize: packed.recordSize, field: packed.features[feature].cells)
  }

  private var weights: RecordColumn {
    RecordColumn(root.records, recordSize: packed.recordSize, field: packed.weightField)
  }

  /// Features by how many values they have, the fewest first.
  private var byWidth: [Int] {
    (0..<packed.featureCount).sorted {
      packed.features[$0].cellCount < packed.features[$1].cellCount
    }
  }

  private var counting: [Kernel] {
    let features = byWidth
    let (narrow, middle, wide) = (
      features[0], features[features.count / 2], features[features.count - 1]
    )
    let memory = divider.value.memory
    let clear = {
      for table in memory.tables + [memory.singleTable] {
        table.weights.update(repeating: 0, count: packed.features[wide].cellCount)
      }
      memory.singleTable.touched.update(
        repeating: 0, count: CellTable.wordCount(groups: packed.features[wide].cellCount))
    }
    let single = [(narrow, "few"), (middle, "some hundred"), (wide, "thousands of")].map {
      feature, width in
      Kernel(
        name: "count a feature of \(width) values", element: "record", count: root.count,
        prepare: clear
      ) {
        CellTable.count(
          root.count, weights: weights, cells: column(feature), in: memory.singleTable)
        return Int(memory.singleTable.weights[0])
      }
    }
    let three = Kernel(
      name: "count three features in one pass", element: "record", count: root.count,
      prepare: clear
    ) {
      CellTable.count(
        root.count, weights: weights,
        (column(features[2]), column(middle), column(features[features.count - 2])),
        in: (memory.tables[0], memory.tables[1], memory.tables[2]))
      return Int(memory.tables[0].weights[0])
    }
    let marked = Kernel(
      name: "count and mark a feature of thousands of values", element: "record",
      count: root.count, prepare: clear
    ) {
      CellTable.countAndMark(
        root.count, weights: weights, cells: column(wide), in: memory.singleTable, groupShift: 2)
      return Int(memory.singleTable.weights[0])
    }
    return single + [three, marked]
  }

  /// In the middle of the feature with most values: no guess of a branch would be any good.
  private var divide: Kernel {
    let feature = byWidth[packed.featureCount - 1]
    let split = BestSplit(
      feature: feature, threshold: 0, lastLeftRank: packed.features[feature].values.count / 2,
      score: 0)
    return Kernel(
      name: "divide a node's records", element: "record", count: root.count,
      prepare: { divider.value.begin(labels: data.training.labels, draws: draws, seed: 1) },
      run: {
        divider.value.divide(root, by: split, keepsLeft: true, keepsRight: true).left.count
      })
  }

  /// Drawing, counting and scoring together, at the root.
  private var search: Kernel {
    let totals = (0..<2).map { label in
      zip(data.training.labels, draws).reduce(0.0) {
        $0 + ($1.0 == label ? Double($1.1) : 0)
      }
    }
    return Kernel(
      name: "find the root's split among three features", element: "record", count: root.count,
      prepare: { divider.value.begin(labels: data.training.labels, draws: draws, seed: 1) },
      run: {
        var constantCount = 0
        var left = [0.0, 0.0]
        return left.withUnsafeMutableBufferPointer { left in
          totals.withUnsafeBufferPointer { totals in
            divider.value.findSplit(
              root, classWeights: totals.baseAddress!, constantCount: &constantCount,
              bestLeft: left.baseAddress!
            ).feature
          }
        }
      })
  }

  /// Fewer rows than make it worth while to code the trees.
  private var walk: Kernel {
    let features = data.test.features.rows(Array(0..<2000))
    return Kernel(
      name: "walk down trees", element: "row and tree", count: features.rowCount * trees.treeCount
    ) {
      trees.meanShares(for: features, threads: 1).rowCount
    }
  }

  /// The trees are coded in the first run; the rows are in each.
  private var walkCoded: Kernel {
    let features = data.test.features
    return Kernel(
      name: "walk down coded trees", element: "row and tree",
      count: features.rowCount * trees.treeCount
    ) {
      trees.meanShares(for: features, threads: 1).rowCount
    }
  }
}
