public import Datasets

/// What options change in a request; what is not named stays as it is. Each throws ``RequestError`` in the words of
/// the command line.
extension RunRequest {
  /// Chooses the table.
  ///
  /// - Parameter path: `-` for the standard input, which a resumed run has to be given again.
  public mutating func read(_ path: String?) throws(RequestError) {
    try RequestError.refuse(
      path == nil && data == "-",
      "The run's table came from standard input: give it again with --data -.")
    data = path ?? data
  }

  /// Chooses what is made of the table's columns and cells.
  ///
  /// - Parameters:
  ///   - dropped: columns that are neither target nor feature.
  ///   - categorical: columns whose numbers are names.
  ///   - missingWords: words that mean a missing value, separated by commas.
  ///   - dropsUnlabelled: whether rows whose label is missing are dropped; `false` leaves it as it is.
  public mutating func prepare(
    dropping dropped: [String] = [], categorical: [String] = [],
    missing: Preprocessing.MissingPolicy? = nil, missingWords: String? = nil,
    dropsUnlabelled: Bool = false
  ) {
    if !dropped.isEmpty { self.dropped = dropped }
    if !categorical.isEmpty { self.categorical = categorical }
    if let missing { self.missing = missing == .impute ? nil : missing }
    if let missingWords { self.missingWords = missingWords.split(separator: ",").map(String.init) }
    self.dropsUnlabelled = dropsUnlabelled || self.dropsUnlabelled
  }

  /// Chooses how names become numbers.
  public mutating func encode(
    _ encoding: Preprocessing.Encoding?, maximumCategories count: Int?
  ) throws(RequestError) {
    if let encoding { self.encoding = encoding == .ordinal ? nil : encoding }
    guard let count else { return }
    try RequestError.refuse(
      self.encoding != .oneHot, "--max-categories goes with --encode one-hot.")
    try RequestError.refuse(!(1...10_000 ~= count), "--max-categories must be from 1 to 10000.")
    maximumCategories = count == Preprocessing.standardMaximumCategories ? nil : count
  }

  /// Chooses how rows are divided into those to learn from and those to test on.
  ///
  /// - Parameters:
  ///   - testFraction: above 0 and below 1.
  ///   - fit: the rows that encoders and scaler are fitted on.
  ///   - folds: into how many the rows are divided, at least 2.
  ///   - repeats: how many times; it needs folds.
  ///   - testData: the path of a second table, whose rows are tested on.
  ///   - group: the column of the groups that stay whole.
  ///   - time: the column of the times, the last of which are tested on.
  public mutating func divide(
    testFraction: Double? = nil, method: TrainTestSplit.Method? = nil,
    fit: Preprocessing.FittedOn? = nil, folds: Int? = nil, repeats: Int? = nil,
    testData: String? = nil, group: String? = nil, time: String? = nil
  ) throws(RequestError) {
    if let testFraction {
      try RequestError.refuse(
        !(testFraction > 0 && testFraction < 1), "--test-fraction must be above 0 and below 1.")
      self.testFraction = testFraction
    }
    if let method { splitMethod = method == .random ? nil : method }
    preprocessingFit = fit ?? preprocessingFit
    try fold(folds, repeats: repeats)
    self.testData = testData ?? self.testData
    self.group = group ?? self.group
    self.time = time ?? self.time
    try checkDivision(setsFraction: testFraction != nil, fit)
    if self.testData != nil { preprocessingFit = .training }
  }

  private mutating func fold(_ count: Int?, repeats: Int?) throws(RequestError) {
    if let count {
      try RequestError.refuse(
        !Folds(count: count).isPossible, "--cross-validate must be at least 2.")
      folds = Folds(count: count, repeats: folds?.repeats ?? 1)
    }
    if let repeats {
      try RequestError.refuse(
        !Folds(count: 2, repeats: repeats).isPossible, "--repeats must be at least 1.")
      try RequestError.refuse(repeats > 1 && folds == nil, "--repeats needs --cross-validate.")
      folds?.repeats = repeats
    }
  }

  /// Refuses divisions that make no sense together.
  private func checkDivision(
    setsFraction: Bool, _ fit: Preprocessing.FittedOn?
  ) throws(RequestError) {
    let (hasFile, hasGroups, hasTimes) = (testData != nil, group != nil, time != nil)
    try RequestError.refuse(
      hasTimes && hasGroups,
      "--time and --group exclude each other: a group has rows of many times.")
    try RequestError.refuse(
      hasTimes && hasFile,
      "--time and --test-data exclude each other: --time divides one table, and two files are divided already."
    )
    try RequestError.refuse(
      splitMethod == .stable && (hasFile || hasGroups || hasTimes),
      "--split stable divides by each row's own cells; leave it out with --test-data, --group and --time."
    )
    try RequestError.refuse(
      hasFile && setsFraction,
      "--test-fraction has no meaning with --test-data: all rows of that file are tested on.")
    try RequestError.refuse(
      hasFile && fit == .all,
      "--fit-preprocessing all has no meaning with --test-data, whose rows stay unseen.")
    try RequestError.refuse(
      hasTimes && folds?.repeats ?? 1 > 1,
      "--repeats has no meaning with --time: the order of time gives the same folds each time.")
  }

  /// Chooses how the models are judged besides.
  ///
  /// - Parameters:
  ///   - learningCurve: on how many growing parts of the training rows each classifier is fitted.
  ///   - divisions: on the splits of how many seeds.
  ///   - rope: a difference in score that does not matter; it needs folds.
  ///   - permutationRepeats: how often features are shuffled for the report.
  public mutating func judge(
    learningCurve: Int? = nil, divisions: Int? = nil, rope: Double? = nil,
    permutationRepeats: Int? = nil
  ) throws(RequestError) {
    for case (let name, let count?, let least) in [
      ("learning-curve", learningCurve, 1), ("divisions", divisions, 2),
      ("permutation-repeats", permutationRepeats, 0),
    ] {
      try RequestError.refuse(!(least...1000 ~= count), "--\(name) must be from \(least) to 1000.")
    }
    if let rope {
      try RequestError.refuse(rope < 0 || !rope.isFinite, "--rope must be 0 or more.")
      try RequestError.refuse(folds == nil, "--rope needs --cross-validate.")
    }
    learningCurveParts = learningCurve ?? learningCurveParts
    self.divisions = divisions ?? self.divisions
    self.rope = rope ?? self.rope
    self.permutationRepeats = permutationRepeats ?? self.permutationRepeats
  }
}
