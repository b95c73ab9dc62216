import ModelFiles
import SavedModels
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

@Suite struct `Drift against training` {
  private let numbers = FeatureColumn(
    name: "n",
    content: .numbers(NumberDistribution([1, 2, 2, 3, 4, 5, 6, 7, 8, 9], median: 4)),
    scalings: [FeatureColumn.Scaling(mean: 0, deviation: 1)])

  @Test func `the index sums the differences of shares times the logarithms of their ratios`()
    throws
  {
    let drift = CategoryDistribution(names: ["a", "b"], shares: [0.5, 0.5])
      .drift("t", counts: [300, 100])
    // (0.75 - 0.5) ln(1.5) + (0.25 - 0.5) ln(0.5)
    #expect(abs(try #require(drift.index) - 0.25 * (log(1.5) + log(2))) < 1e-15)
    #expect(drift.shares == [0.75, 0.25] && drift.rowCount == 400)
    #expect(drift.verdict == .different && drift.binNames == ["a", "b"])
  }

  @Test func `equal shares do not drift, and an empty bin counts much but not infinitely`() throws {
    let classes = CategoryDistribution(names: ["a", "b"], shares: [0.5, 0.5])
    #expect(classes.drift("t", counts: [200, 200]).index == 0)
    let empty = try #require(classes.drift("t", counts: [400, 0]).index)
    #expect(empty > 4 && empty < 5)
  }

  @Test func `no rows and few rows have no verdict`() {
    let classes = CategoryDistribution(names: ["a", "b"], shares: [0.5, 0.5])
    #expect(classes.drift("t", counts: [0, 0]).index == nil)
    #expect(classes.drift("t", counts: [0, 0]).verdict == .noRows)
    #expect(classes.drift("t", counts: [199, 0]).verdict == .tooFewRows)
    #expect(classes.drift("t", counts: [110, 90]).verdict == .similar)
    #expect(classes.drift("t", counts: [140, 60]).verdict == .changed)
  }

  @Test func `values are counted in the bins of training, and missing ones as the median`() {
    let drift = numbers.drift(of: [0, 1, 4, .nan, 100])
    let bins = [0.0, 1, 4, 4, 100].map { numbers.bin(of: $0) }
    for bin in drift.shares.indices {
      #expect(drift.shares[bin] == Double(bins.count { $0 == bin }) / 5)
    }
    #expect(drift.trainingShares == numbers.trainingShares)
    #expect(drift.binNames.first == "to 1" && drift.binNames.count == drift.shares.count)
  }

  @Test func `an ignored category is in no bin, and the number of its code is`() {
    let words = FeatureColumn(
      name: "w",
      content: .categories(CategoryDistribution(names: ["x", "y"], shares: [0.5, 0.5])),
      scalings: [.init(mean: 0, deviation: 1), .init(mean: 0, deviation: 1)], isOneHot: true)
    #expect(words.drift(of: [0, 1, FeatureColumn.ignoredCode]).rowCount == 2)
    #expect(numbers.drift(of: [FeatureColumn.ignoredCode]).rowCount == 1)
  }
}
