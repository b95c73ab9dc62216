extension BoostingTensors {
  /// The most thresholds of a feature: of 256 bins one is that of missing values.
  private static var mostThresholds: Int { 254 }
  private static var mostCategories: Int { 255 }
  private static var largestSum: Double { 1e300 }

  /// Reads and checks the arrays one after the other.
  init(
    _ file: SafetensorsFile, _ description: ModelDescription, iterationLimit: Int
  ) throws(ModelFileError) {
    try file.checkNames([
      "class_is_present", "baseline", "bin_thresholds", "first_threshold", "tree_roots",
      "left_child", "feature", "bin", "missing_go_to_left", "gain", "count", "leaf_values",
      Self.categoricalName, Self.setsName,
    ])
    let isPresent = try file.presence("class_is_present")
    try file.check(classCount: isPresent.count, description, tensor: "class_is_present")
    let presentCount = isPresent.lazy.filter { $0 }.count
    let perRound = Self.treesPerRound(presentClasses: presentCount)
    guard try file.shape("baseline", rank: 1) == [perRound] else {
      throw file.fail("baseline: expected \(perRound) numbers, one per tree of a round")
    }
    let roots: [Int32] = try file.elements("tree_roots")
    guard perRound == 0 ? roots.isEmpty : roots.count % perRound == 0 && !roots.isEmpty,
      roots.count / max(1, perRound) <= iterationLimit
    else {
      throw file.fail(
        "tree_roots: expected \(perRound) a round, in at most \(iterationLimit) rounds, found "
          + "\(roots.count)")
    }
    let isCategorical = try Self.categoricalFeatures(of: file, description)
    let (thresholds, starts) = try Self.bins(of: file, description, isCategorical)
    let leftChildren: [Int32] = try file.elements("left_child")
    let features: [Int32] = try file.elements("feature")
    let leafCount = try file.shape("leaf_values", rank: 1)[0]
    if perRound > 0 {
      try file.checkTrees(leftChildren, roots: roots, leafRows: leafCount)
    } else if !leftChildren.isEmpty {
      throw file.fail("left_child: expected no node, since a single class is present")
    }
    let nodes = [leftChildren.count]
    for name in ["feature", "bin", "missing_go_to_left", "gain", "count"] {
      guard try file.shape(name, rank: 1) == nodes else {
        throw file.fail("\(name): expected \(nodes[0]) numbers, one per node")
      }
    }
    self.init(
      isPresent: isPresent, baseline: try file.elements("baseline"), thresholds: thresholds,
      firstThresholds: starts, roots: roots, leftChildren: leftChildren,
      features: features, bins: try file.elements("bin"),
      missingGoesLeft: try file.elements("missing_go_to_left"), gains: try file.elements("gain"),
      counts: try file.elements("count"), leafValues: try file.elements("leaf_values"),
      isCategorical: isCategorical,
      leftCategories: try Self.leftCategories(of: file, leftChildren, features, isCategorical))
    try checkNodes(file)
    try checkSets(file)
    // Sums over all trees stay finite.
    let limit = Self.largestSum / Double(roots.count + 1)
    for (name, numbers) in [("baseline", baseline), ("gain", gains), ("leaf_values", leafValues)] {
      if let odd = numbers.first(where: { !(abs($0) <= limit) }) {
        throw file.fail("\(name): expected numbers of at most \(limit) in size, found \(odd)")
      }
    }
  }

  /// Reads and checks the thresholds and where each feature's start.
  private static func bins(
    of file: SafetensorsFile, _ description: ModelDescription, _ isCategorical: [Bool]
  ) throws(ModelFileError) -> (thresholds: [Double], starts: [Int32]) {
    let featureCount = description.featureNames.count
    let starts: [Int32] = try file.elements("first_threshold")
    try file.check(
      featureCount: max(0, starts.count - 1), description, tensor: "first_threshold")
    guard featureCount <= mostFeatures else {
      throw file.fail("first_threshold: expected at most \(mostFeatures) features")
    }
    let thresholds: [Double] = try file.elements("bin_thresholds")
    guard starts.first == 0, Int(starts[featureCount]) == thresholds.count else {
      throw file.fail("first_threshold: expected to start at 0 and to end at \(thresholds.count)")
    }
    for feature in 0..<featureCount {
      let (start, end) = (Int(starts[feature]), Int(starts[feature + 1]))
      let most = isCategorical[feature] ? mostCategories : mostThresholds
      guard start <= end, end - start <= most, end <= thresholds.count else {
        throw file.fail(
          "first_threshold: expected at most \(most) thresholds of feature \(feature), "
            + "found \(end - start)")
      }
      let own = thresholds[start..<end]
      guard own.allSatisfy(\.isFinite), zip(own, own.dropFirst()).allSatisfy({ $0 < $1 }) else {
        throw file.fail("bin_thresholds: those of feature \(feature) do not ascend")
      }
    }
    return (thresholds, starts)
  }

  /// Checks that every inner node compares a bin of a feature, and that leaves compare nothing.
  private func checkNodes(_ file: SafetensorsFile) throws(ModelFileError) {
    for node in leftChildren.indices {
      let (feature, bin) = (features[node], bins[node])
      guard counts[node] >= 0 else {
        throw file.fail("count: node \(node) has \(counts[node]) samples")
      }
      if leftChildren[node] < 0 {
        guard feature == 0, bin == 0, missingGoesLeft[node] == 0, gains[node] == 0 else {
          throw file.fail(
            "feature, bin, missing_go_to_left and gain: expected 0 in leaf \(node), found "
              + "\(feature), \(bin), \(missingGoesLeft[node]) and \(gains[node])")
        }
        continue
      }
      guard feature >= 0, Int(feature) < firstThresholds.count - 1 else {
        throw file.fail(
          "feature: node \(node) looks at feature \(feature), expected one below "
            + "\(firstThresholds.count - 1)")
      }
      let last = isCategorical[Int(feature)] ? 0 : thresholdCount(Int(feature))
      guard bin <= last, missingGoesLeft[node] <= 1 else {
        throw file.fail(
          "bin: node \(node) has bin \(bin) and missing_go_to_left \(missingGoesLeft[node]), "
            + "expected at most \(last) and 1")
      }
    }
  }
}
