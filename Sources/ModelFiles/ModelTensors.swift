import Classifiers
import LinearAlgebra

/// Which tensors each model becomes, and back. `docs/model-format.md` describes them.

extension TreeArrays {
  var tensors: [Tensor] {
    [
      Tensor("tree_roots", roots, shape: [roots.count]),
      Tensor("left_child", leftChildren, shape: [leftChildren.count]),
      Tensor("threshold", thresholds, shape: [thresholds.count]),
      Tensor("feature", features, shape: [features.count]),
      Tensor("leaf_shares", leafShares, shape: [leafShares.count / classCount, classCount]),
    ]
  }
}

extension PackedTreesModel {
  init(_ file: SafetensorsFile, _ description: ModelDescription, treeCount: Int) throws {
    try file.checkNames(["tree_roots", "left_child", "threshold", "feature", "leaf_shares"])
    let classCount = try file.shape("leaf_shares", rank: 2)[1]
    try file.check(classCount: classCount, description, tensor: "leaf_shares")
    let nodes = try file.shape("left_child", rank: 1)
    guard try file.shape("threshold", rank: 1) == nodes, try file.shape("feature", rank: 1) == nodes
    else { throw file.fail("left_child, threshold and feature differ in length") }
    guard try file.shape("tree_roots", rank: 1) == [treeCount] else {
      throw file.fail("tree_roots: expected \(treeCount), as many as the hyper-parameters say")
    }
    let featureCount = description.featureNames.count
    let predictor = try TreePredictor(
      classCount: classCount, featureCount: featureCount,
      leafShares: file.elements("leaf_shares"), roots: file.elements("tree_roots"),
      leftChildren: { try file.elements("left_child") },
      thresholds: { try file.elements("threshold") }, features: { try file.elements("feature") })
    self.init(predictor, featureCount: featureCount)
  }
}

extension GaussianNaiveBayesModel {
  var tensors: [Tensor] {
    [
      Tensor("class_means", means.elements, shape: [classCount, featureCount]),
      Tensor("class_variances", variances.elements, shape: [classCount, featureCount]),
      Tensor("class_priors", classPriors, shape: [classCount]),
      Tensor("class_is_present", isPresent.map { $0 ? UInt8(1) : 0 }, shape: [classCount]),
      Tensor("variance_added", [epsilon], shape: []),
    ]
  }

  init(_ file: SafetensorsFile, _ description: ModelDescription) throws {
    try file.checkNames([
      "class_means", "class_variances", "class_priors", "class_is_present", "variance_added",
    ])
    let shape = try file.shape("class_means", rank: 2)
    try file.check(classCount: shape[0], description, tensor: "class_means")
    try file.check(featureCount: shape[1], description, tensor: "class_means")
    guard try file.shape("class_variances", rank: 2) == shape else {
      throw file.fail("class_means and class_variances differ in shape")
    }
    guard try file.shape("class_priors", rank: 1) == [shape[0]],
      try file.shape("class_is_present", rank: 1) == [shape[0]],
      try file.shape("variance_added", rank: 0) == []
    else {
      throw file.fail("class_priors and class_is_present must have one number per class")
    }
    let flags = try file.elements("class_is_present", of: UInt8.self)
    guard flags.allSatisfy({ $0 <= 1 }) else {
      throw file.fail("class_is_present: expected 0 or 1")
    }
    try self.init(
      checkingMeans: Matrix(
        rowCount: shape[0], columnCount: shape[1], elements: file.elements("class_means")),
      variances: Matrix(
        rowCount: shape[0], columnCount: shape[1], elements: file.elements("class_variances")),
      classPriors: file.elements("class_priors"),
      epsilon: file.elements("variance_added", of: Double.self)[0],
      isPresent: flags.map { $0 == 1 })
  }
}

extension KNearestNeighborsModel {
  var tensors: [Tensor] {
    let samples = self.samples
    return [
      Tensor(
        "training_samples", samples.elements, shape: [samples.rowCount, samples.columnCount]),
      Tensor("training_labels", labels, shape: [labels.count]),
    ]
  }
}

extension KNearestNeighbors {
  func model(
    _ file: SafetensorsFile, _ description: ModelDescription
  ) throws -> KNearestNeighborsModel {
    try file.checkNames(["training_samples", "training_labels"])
    let shape = try file.shape("training_samples", rank: 2)
    try file.check(featureCount: shape[1], description, tensor: "training_samples")
    guard try file.shape("training_labels", rank: 1) == [shape[0]] else {
      throw file.fail("training_labels must have one number per sample")
    }
    return try model(
      checking: Matrix(
        rowCount: shape[0], columnCount: shape[1], elements: file.elements("training_samples")),
      labels: file.elements("training_labels"), classCount: description.classNames.count)
  }
}

extension SafetensorsFile {
  fileprivate func check(
    classCount: Int, _ description: ModelDescription, tensor: String
  ) throws(ModelFileError) {
    let expected = description.classNames.count
    guard classCount == expected else {
      throw fail("\(tensor): expected \(expected) classes, as many as names, found \(classCount)")
    }
  }

  fileprivate func check(
    featureCount: Int, _ description: ModelDescription, tensor: String
  ) throws(ModelFileError) {
    let expected = description.featureNames.count
    guard featureCount == expected else {
      throw fail(
        "\(tensor): expected \(expected) features, as many as names, found \(featureCount)")
    }
  }
}
