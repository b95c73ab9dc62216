/// Boosted trees as the arrays of a file. Entry `i` of the arrays of nodes describes node `i`; nodes are numbered
/// through all trees, tree after tree and breadth first within each. A round's trees follow each other in the order
/// of the classes.
public struct BoostingTensors: ModelTensors {
  /// The most features, which trees number in two bytes.
  package static let mostFeatures = Int(UInt16.max) - 1
  /// The bin of missing values to predict with, above those of all values.
  package static let missingBin = 255
  /// Whether each class had training rows. One that had none is never predicted, and has no trees.
  package let isPresent: [Bool]
  /// What the values of trees are added to: a number per tree of a round.
  package let baseline: [Double]
  /// The thresholds between bins, ascending, one feature after the other. Of a categorical feature they are the
  /// categories: the bin of each is its place.
  package let thresholds: [Double]
  /// Where each feature's thresholds start, and the end of the last one's.
  package let firstThresholds: [Int32]
  /// Each tree's first node.
  package let roots: [Int32]
  /// In inner nodes the left child, with the right one next to it. In leaves −1 − *r*, where *r* is a row of
  /// `leafValues`.
  package let leftChildren: [Int32]
  /// The feature that a node compares; 0 in leaves.
  package let features: [Int32]
  /// A sample goes left when its bin is at most this; 0 in leaves and where the feature is categorical.
  package let bins: [UInt8]
  /// 1 in inner nodes where a sample without the feature goes left, otherwise 0.
  package let missingGoesLeft: [UInt8]
  /// By how much each split decreased the loss; 0 in leaves.
  package let gains: [Double]
  /// How many training samples reached each node.
  package let counts: [Int32]
  /// The value of each leaf, times the learning rate.
  package let leafValues: [Double]
  /// Whether each feature's values are categories.
  package let isCategorical: [Bool]
  /// Of each node that compares a categorical feature the bins that go left. A value that is none of the categories
  /// goes where missing ones do.
  package let leftCategories: [Int: BinSet]

  /// - Precondition: the arrays describe whole trees.
  package init(
    isPresent: [Bool], baseline: [Double], thresholds: [Double], firstThresholds: [Int32],
    roots: [Int32], leftChildren: [Int32], features: [Int32], bins: [UInt8],
    missingGoesLeft: [UInt8], gains: [Double], counts: [Int32], leafValues: [Double],
    isCategorical: [Bool], leftCategories: [Int: BinSet]
  ) {
    self.isPresent = isPresent
    self.baseline = baseline
    self.thresholds = thresholds
    self.firstThresholds = firstThresholds
    self.roots = roots
    self.leftChildren = leftChildren
    self.features = features
    self.bins = bins
    self.missingGoesLeft = missingGoesLeft
    self.gains = gains
    self.counts = counts
    self.leafValues = leafValues
    self.isCategorical = isCategorical
    self.leftCategories = leftCategories
  }

  /// How many trees a round grows for so many classes with training rows.
  package static func treesPerRound(presentClasses: Int) -> Int {
    switch presentClasses {
    case 1: 0
    case 2: 1
    default: presentClasses
    }
  }

  /// The bins that go left in an inner node.
  package func leftBins(of node: Int) -> BinSet {
    var set = leftCategories[node] ?? BinSet(upTo: Int(bins[node]))
    if missingGoesLeft[node] == 1 { set.insert(Self.missingBin) }
    return set
  }

  static let categoricalName = "feature_is_categorical"
  static let setsName = "left_categories"

  /// The arrays of categorical features, if there are any.
  private var categoricalList: [Tensor] {
    guard isCategorical.contains(true) else { return [] }
    let sets = leftCategories.sorted { $0.key < $1.key }.map(\.value)
    return [
      Tensor(
        Self.categoricalName, isCategorical.map { $0 ? UInt8(1) : 0 }, shape: [isCategorical.count]),
      Tensor(Self.setsName, sets.flatMap(\.bytes), shape: [sets.count, BinSet.byteCount]),
    ]
  }

  public var list: [Tensor] {
    categoricalList + [
      Tensor("class_is_present", isPresent.map { $0 ? UInt8(1) : 0 }, shape: [isPresent.count]),
      Tensor("baseline", baseline, shape: [baseline.count]),
      Tensor("bin_thresholds", thresholds, shape: [thresholds.count]),
      Tensor("first_threshold", firstThresholds, shape: [firstThresholds.count]),
      Tensor("tree_roots", roots, shape: [roots.count]),
      Tensor("left_child", leftChildren, shape: [leftChildren.count]),
      Tensor("feature", features, shape: [features.count]),
      Tensor("bin", bins, shape: [bins.count]),
      Tensor("missing_go_to_left", missingGoesLeft, shape: [missingGoesLeft.count]),
      Tensor("gain", gains, shape: [gains.count]),
      Tensor("count", counts, shape: [counts.count]),
      Tensor("leaf_values", leafValues, shape: [leafValues.count]),
    ]
  }
}
