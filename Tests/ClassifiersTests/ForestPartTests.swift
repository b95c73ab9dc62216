import Datasets
import TestSupport
import Testing

@testable import Classifiers

@Suite struct `A forest that is grown in parts` {
  @Test(arguments: 0..<24)
  func `has the trees of one that is grown at once`(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let dataset = randomDataset(
      samples: Int.random(in: 20...300, using: &generator), features: 4, classes: 3,
      distinctValues: 12, seed: UInt64(seed))
    var forest = RandomForest(
      treeCount: Int.random(in: 1...20, using: &generator), seed: UInt32(seed))
    forest.bootstrap = seed % 4 != 0
    forest.scoresOutOfBag = seed % 3 == 1 && forest.bootstrap
    forest.parameters.classWeight = [.equal, .balanced, .balancedSubsample][seed % 3]
    forest.parameters.maximumDepth = seed % 5 == 0 ? 3 : nil
    let whole = try forest.fit(dataset, threads: 2)
    var ends = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
      Int.random(in: 0...forest.treeCount, using: &generator)
    }
    ends = ([0, forest.treeCount] + ends).sorted()
    // Last part first: no part may need another.
    let parts = try zip(ends, ends.dropFirst()).reversed().map { start, end in
      try forest.grow(start..<end, from: dataset, threads: 1 + seed % 2)
    }
    let joined = try forest.model(
      of: parts.reversed().flatMap { $0 }, grownFrom: dataset, threads: 1)
    #expect(joined == whole)
    #expect(joined.outOfBagScore == whole.outOfBagScore)
    #expect(joined.packed == whole.packed)
  }
}
