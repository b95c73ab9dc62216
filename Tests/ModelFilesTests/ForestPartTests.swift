import Classifiers
import Datasets
import ModelFiles
import SavedModels
import TestSupport
import Testing

@Suite struct `A file of some trees` {
  private static let dataset = randomDataset(
    samples: 120, features: 3, classes: 3, distinctValues: 9, seed: 3)
  private static let forest = RandomForest(treeCount: 9, seed: 4)

  private static func read(_ bytes: [UInt8], of forest: RandomForest = forest) throws -> ForestPart
  {
    try withTemporaryFile(bytes, named: "trees.safetensors") {
      try ForestPart(contentsOf: $0, of: forest, dataSHA256: "ab", featureCount: 3)
    }
  }

  private static func part() throws -> [UInt8] {
    let trees = try forest.grow(2..<6, from: dataset, threads: 2)
    return ForestPart(first: 2, trees: trees, seconds: 1.25).bytes(of: forest, dataSHA256: "ab")
  }

  @Test func `gives the trees back to the last bit`() throws {
    let part = try Self.read(Self.part())
    #expect(part.first == 2)
    #expect(part.seconds == 1.25)
    #expect(part.trees == Array(try Self.forest.fit(Self.dataset).trees[2..<6]))
  }

  @Test func `is refused for another forest, other data, or a smaller one`() throws {
    let bytes = try Self.part()
    #expect(throws: ModelFileError.self) {
      try Self.read(bytes, of: RandomForest(treeCount: 9, seed: 5))
    }
    #expect(throws: ModelFileError.self) {
      try Self.read(bytes, of: RandomForest(treeCount: 5, seed: 4))
    }
    #expect(throws: ModelFileError.self) {
      try withTemporaryFile(bytes) {
        try ForestPart(contentsOf: $0, of: Self.forest, dataSHA256: "cd", featureCount: 3)
      }
    }
    #expect(throws: ModelFileError.self) {
      try withTemporaryFile(bytes) {
        try ForestPart(contentsOf: $0, of: Self.forest, dataSHA256: "ab", featureCount: 2)
      }
    }
  }

  @Test func `that was damaged is an error or sound trees, never a crash`() throws {
    let bytes = try Self.part()
    var generator = SeededGenerator(seed: 12)
    for _ in 0..<2000 {
      var damaged = bytes
      for _ in 0...Int.random(in: 0...2, using: &generator) {
        damaged[Int.random(in: damaged.indices, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      if Bool.random(using: &generator) {
        damaged.removeLast(Int.random(in: 0..<damaged.count, using: &generator))
      }
      guard let part = try? Self.read(damaged) else { continue }
      let forest = RandomForest(treeCount: part.trees.count, seed: 4)
      _ = try forest.model(of: part.trees, grownFrom: Self.dataset, threads: 1)
        .probabilities(for: Self.dataset.features)
    }
  }
}
