public import Datasets

extension RunRequest {
  public var split: TrainTestSplit {
    TrainTestSplit(
      testFraction: testFraction, seed: seed, method: splitMethod ?? .random, group: group,
      time: time)
  }

  /// How rows are divided into folds; `nil` where they are not.
  public var foldPlan: FoldPlan? {
    folds.map {
      FoldPlan(count: $0.count, repeats: $0.repeats, seed: seed, group: group, time: time)
    }
  }

  /// Reads the table and, where there is one, the file to test on.
  ///
  /// - Parameter threads: how many threads may work; it never changes the result.
  public func table(threads: Int) throws(DatasetError) -> CSVTable {
    try preprocessing.table(contentsOf: data, testFile: testData, threads: threads)
  }
}
