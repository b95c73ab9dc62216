extension Algorithm {
  public static let histGradientBoosting = Algorithm(named: "HistGradientBoostingClassifier")
}

/// When rounds end before `max_iter`.
public enum EarlyStopping: Hashable, HyperparameterConvertible {
  /// If there are more than 10,000 training rows.
  case automatic
  case always
  case never

  static let expected = "auto, true or false"

  init?(_ value: HyperparameterValue) {
    switch value {
    case .text("auto"): self = .automatic
    case .boolean(let isWanted): self = isWanted ? .always : .never
    default: return nil
    }
  }

  var hyperparameter: HyperparameterValue {
    switch self {
    case .automatic: .text("auto")
    case .always: .boolean(true)
    case .never: .boolean(false)
    }
  }
}

/// Which features are categories, and not numbers.
public enum CategoricalFeatures: String, CaseIterable, HyperparameterConvertible {
  /// Those that are codes of names.
  case fromType = "from_dtype"
}

/// The hyper-parameters of gradient boosting over histograms.
///
/// Neither `monotonic_cst` nor `interaction_cst` is among them, nor another loss or score.
public struct HistGradientBoosting: HyperparameterSet {
  public static let algorithm = Algorithm.histGradientBoosting

  /// The share of each tree's values that is added. The default is 0.1.
  public var learningRate = 0.1
  /// The most rounds; each grows a tree, or one per class if there are more than two. The default is 100.
  public var iterationCount = 100
  /// The most leaves of a tree; the nodes with the largest gain are split first. The default is 31.
  public var maximumLeafCount: Int? = 31
  /// The depth limit; none by default.
  public var maximumDepth: Int?
  /// The fewest samples that a leaf may have. The default is 20.
  public var minimumLeafSize = 20
  /// What is added to the sum of second derivatives of each leaf. The default is 0.
  public var l2Regularization = 0.0
  /// The share of the features that is tried per split. The default is 1.
  public var candidateShare = 1.0
  /// The most bins of a feature, besides that of missing values. The default is 255.
  public var maximumBinCount = 255
  /// Whether rounds end when the loss no longer decreases. The default is auto.
  public var earlyStopping = EarlyStopping.automatic
  /// The rows held out to measure the loss; with none, it is that of the training rows. The default is 0.1.
  public var validation: Amount? = .share(0.1)
  /// After how many rounds without an improvement rounds end. The default is 10.
  public var patience = 10
  /// By how much the loss must decrease to be an improvement. The default is 1e-7.
  public var tolerance = 1e-7
  /// Which features nodes divide by sets of categories; none by default, so that codes of names are numbers.
  public var categoricalFeatures: CategoricalFeatures?
  /// The weights of the classes. The default is equal weights.
  public var classWeight = ClassWeight.equal
  /// The seed of the rows held out, of the rows that bins are made of, and of the features tried.
  public var seed: UInt32

  public init(seed: UInt32 = 42) { self.seed = seed }

  public static let allParameters: [Hyperparameter<Self>] = [
    Hyperparameter("categorical_features", \.categoricalFeatures),
    Hyperparameter("class_weight", \.classWeight, mustBe: ClassWeight.rule, \.isAboveZero),
    Hyperparameter("early_stopping", \.earlyStopping),
    Hyperparameter("l2_regularization", \.l2Regularization, mustBe: "at least 0") {
      $0 >= 0 && $0.isFinite
    },
    Hyperparameter("learning_rate", \.learningRate, mustBe: "above 0") { $0 > 0 && $0.isFinite },
    Hyperparameter("max_bins", \.maximumBinCount, mustBe: "from 2 to 255") { 2...255 ~= $0 },
    Hyperparameter("max_depth", \.maximumDepth, mustBe: "none or at least 1") { $0 ?? 1 >= 1 },
    Hyperparameter("max_features", \.candidateShare, mustBe: "a share above 0, at most 1") {
      $0 > 0 && $0 <= 1
    },
    Hyperparameter("max_iter", \.iterationCount, mustBe: "at least 1") { $0 >= 1 },
    Hyperparameter("max_leaf_nodes", \.maximumLeafCount, mustBe: "none or at least 2") {
      $0 ?? 2 >= 2
    },
    Hyperparameter("min_samples_leaf", \.minimumLeafSize, mustBe: "at least 1") { $0 >= 1 },
    Hyperparameter("n_iter_no_change", \.patience, mustBe: "at least 1") { $0 >= 1 },
    Hyperparameter("random_state", \.seed),
    Hyperparameter("tol", \.tolerance, mustBe: "at least 0") { $0 >= 0 && $0.isFinite },
    Hyperparameter(
      "validation_fraction", \.validation,
      mustBe: "none, at least 1 row, or a share above 0 and below 1"
    ) { $0?.isValid(count: { $0 >= 1 }, share: { $0 > 0 && $0 < 1 }) ?? true },
  ]

  public func validateCombination() throws(ParameterError) {
    try classWeight.checkIsOfOneModel()
  }

  public func tensors(
    of file: SafetensorsFile, _ description: ModelDescription
  ) throws(ModelFileError) -> BoostingTensors {
    try BoostingTensors(file, description, iterationLimit: iterationCount)
  }
}
