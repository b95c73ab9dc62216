public import Datasets

extension RunRequest {
  /// Takes a second table, groups or times by which rows are divided, and refuses what makes no sense together.
  ///
  /// - Parameters:
  ///   - testData: the path of a second table; `nil` to leave what is asked for, as are the next two.
  ///   - group: the column of groups.
  ///   - time: the column of times.
  ///   - setsFraction: whether a test fraction was given.
  ///   - fit: the rows that encoders and scaler are fitted on, where that was given.
  public mutating func divide(
    testData: String?, group: String?, time: String?, setsFraction: Bool,
    fit: Preprocessing.FittedOn?
  ) throws(RequestError) {
    self.testData = testData ?? self.testData
    self.group = group ?? self.group
    self.time = time ?? self.time
    func refuse(_ isRefused: Bool, _ problem: String) throws(RequestError) {
      if isRefused { throw RequestError(.badRequest, problem) }
    }
    let (hasFile, hasGroups, hasTimes) = (
      self.testData != nil, self.group != nil, self.time != nil
    )
    try refuse(
      hasTimes && hasGroups,
      "--time and --group exclude each other: a group has rows of many times.")
    try refuse(
      hasTimes && hasFile,
      "--time and --test-data exclude each other: --time divides one table, and two files are divided already."
    )
    try refuse(
      splitMethod == .stable && (hasFile || hasGroups || hasTimes),
      "--split stable divides by each row's own cells; leave it out with --test-data, --group and --time."
    )
    try refuse(
      hasFile && setsFraction,
      "--test-fraction has no meaning with --test-data: all rows of that file are tested on.")
    try refuse(
      hasFile && fit == .all,
      "--fit-preprocessing all has no meaning with --test-data, whose rows stay unseen.")
    try refuse(
      hasTimes && folds?.repeats ?? 1 > 1,
      "--repeats has no meaning with --time: the order of time gives the same folds each time.")
    if hasFile { preprocessingFit = .training }
  }

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
