public import Classifiers
public import Datasets
public import Evaluation

/// Everything that a run's results depend on: two equal requests on equal data give equal bytes.
public struct RunRequest: Codable, Hashable, Sendable {
  /// The table's path; its content is checked by its SHA-256.
  public var data: String
  public var target: TargetRule
  /// Columns that are neither target nor feature.
  public var dropped: [String]
  /// Columns whose numbers are names.
  public var categorical: [String]
  /// How names become numbers; `nil` for the usual.
  public var encoding: Preprocessing.Encoding?
  /// The most categories of a column that is encoded one-hot; `nil` for the usual.
  public var maximumCategories: Int?
  public var decimalMark: DecimalMark
  /// How the table is written; `nil` where nothing was said of it.
  public var format: CSVFormat?
  /// Whether rows whose label is missing are dropped.
  public var dropsUnlabelled: Bool
  /// What is made of missing cells; `nil` for the usual.
  public var missing: Preprocessing.MissingPolicy?
  /// Words that mean a missing value in every column, besides blanks; `nil` for none.
  public var missingWords: [String]?
  public var preprocessingFit: Preprocessing.FittedOn
  /// The seed of the split and of every random draw.
  public var seed: UInt32
  public var testFraction: Double
  /// How rows are divided; `nil` for a random split.
  public var splitMethod: TrainTestSplit.Method?
  /// The path of a second table, whose rows are tested on; `nil` where a part of the table is.
  public var testData: String?
  /// The column of the groups that stay whole; `nil` where rows stand alone.
  public var group: String?
  /// The column of the times, the last of which are tested on; `nil` where rows have no order.
  public var time: String?
  /// The classifiers in the order in which they are fitted.
  public var candidates: [Candidate]
  /// `nil` where models are not judged on folds.
  public var folds: Folds?
  /// A difference in score that does not matter, for the Bayesian test on folds; `nil` for the
  /// usual one.
  public var rope: Double?
  /// On the splits of how many seeds each classifier is fitted besides; `nil` for none.
  public var divisions: Int?
  /// What mistakes cost, by which a threshold is chosen for each model; `nil` where models predict
  /// the most probable class.
  public var costs: [MistakeCost]?
  /// On how many growing parts of the training rows each classifier is fitted besides; 0 for none.
  public var learningCurveParts: Int
  /// How often features are shuffled for the report; `nil` for as often as takes no noticeable
  /// time.
  public var permutationRepeats: Int?
  /// The metric that models are ranked by, where one was asked for.
  ///
  /// It changes the order of results and the words about them, no number; so a resumed run may have
  /// another.
  public var sortBy: Metric?
  /// Findings about the data that are neither told nor kept; they change no result either.
  public var ignoredFindings: [DataFinding.Code]?
  /// Of how many candidates of a sweep the only one is the best; `nil` for a run that no sweep has chosen.
  ///
  /// The run's test rows had a part in that choice.
  public var chosenFrom: Int?

  /// What the program does without options.
  public static let standard = RunRequest(seed: 42)

  /// The standard classifiers on the diamonds, with that seed.
  public init(seed: UInt32) {
    data = "data/diamonds.csv"
    target = .diamonds
    dropped = []
    categorical = []
    decimalMark = .point
    dropsUnlabelled = false
    preprocessingFit = .all
    self.seed = seed
    testFraction = 0.2
    candidates = Algorithm.standard.map { Candidate($0.classifier(seed: seed)) }
    learningCurveParts = 0
  }

  private enum CodingKeys: String, CodingKey {
    case data, target, dropped, categorical, format, missing, seed, group, time, candidates, folds
    case rope, divisions, costs
    case encoding = "encode"
    case maximumCategories = "max_categories"
    case decimalMark = "decimal"
    case dropsUnlabelled = "drop_unlabelled"
    case missingWords = "missing_values"
    case preprocessingFit = "preprocessing_fit"
    case testFraction = "test_fraction"
    case splitMethod = "split"
    case testData = "test_data"
    case learningCurveParts = "learning_curve_parts"
    case permutationRepeats = "permutation_repeats"
    case sortBy = "sort_by"
    case ignoredFindings = "ignore"
    case chosenFrom = "chosen_from"
  }

  /// Folds, repeatedly divided.
  public struct Folds: Codable, Hashable, Sendable {
    public var count: Int
    public var repeats: Int

    public init(count: Int, repeats: Int = 1) {
      self.count = count
      self.repeats = repeats
    }

    var divisionCount: Int { count * repeats }

    /// Larger numbers are taken for a slip.
    public var isPossible: Bool { 2...1_000_000 ~= count && 1...1_000_000 ~= repeats }
  }

  /// A classifier by its name and all of its hyper-parameters.
  public struct Candidate: Codable, Hashable, Sendable {
    public let algorithm: Algorithm
    /// Under scikit-learn's names, in the form that the classifier gives them.
    public let hyperparameters: [String: HyperparameterValue]

    public init(_ classifier: any Classifier) {
      algorithm = type(of: classifier).algorithm
      hyperparameters = Dictionary(
        uniqueKeysWithValues: classifier.hyperparameters.map { ($0, $1) })
    }

    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      let written = Candidate(
        try values.decode(Algorithm.self, forKey: .algorithm),
        try values.decode([String: HyperparameterValue].self, forKey: .hyperparameters))
      // 1 and 1.0 are one number in JSON: the classifier knows which it is.
      self.init(try written.classifier())
    }

    private init(_ algorithm: Algorithm, _ hyperparameters: [String: HyperparameterValue]) {
      self.algorithm = algorithm
      self.hyperparameters = hyperparameters
    }

    private enum CodingKeys: String, CodingKey {
      case algorithm = "name"
      case hyperparameters
    }

    func setting(_ name: String, to value: HyperparameterValue) -> Candidate {
      Candidate(algorithm, hyperparameters.merging([name: value]) { $1 })
    }

    /// The classifier, checked.
    public func classifier() throws(ParameterError) -> any Classifier {
      var classifier = algorithm.classifier(seed: 0)
      let standard = Candidate(classifier)
      for (name, value) in hyperparameters.sorted(by: { $0.key < $1.key })
      where value != standard.hyperparameters[name] {
        try classifier.set(name, to: value)
      }
      try classifier.validate()
      return classifier
    }
  }
}

extension RunRequest {
  public var preprocessing: Preprocessing {
    Preprocessing(
      target: target, dropping: dropped, dividing: [group, time].compactMap(\.self),
      categorical: categorical, encoding: encoding ?? .ordinal,
      maximumCategories: maximumCategories ?? Preprocessing.standardMaximumCategories,
      fittedOn: preprocessingFit, decimalMark: decimalMark,
      format: format ?? CSVFormat(), dropsUnlabelled: dropsUnlabelled,
      missing: missing ?? .impute, missingWords: missingWords ?? [])
  }

  public func classifiers() throws(ParameterError) -> [any Classifier] {
    try candidates.map { candidate throws(ParameterError) in try candidate.classifier() }
  }
}
