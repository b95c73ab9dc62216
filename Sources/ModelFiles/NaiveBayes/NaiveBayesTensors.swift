/// A normal distribution per class and feature, as arrays.
public struct NaiveBayesTensors: ModelTensors {
  package let classCount: Int
  package let featureCount: Int
  /// A row per class, a number per feature.
  package let means: [Double]
  /// In the same order as the means, with `varianceAdded` added.
  package let variances: [Double]
  package let classPriors: [Double]
  /// Whether each class had training rows.
  package let isPresent: [Bool]
  package let varianceAdded: Double

  /// - Precondition: there is a number for each class and feature.
  package init(
    classCount: Int, featureCount: Int, means: [Double], variances: [Double],
    classPriors: [Double], isPresent: [Bool], varianceAdded: Double
  ) {
    self.classCount = classCount
    self.featureCount = featureCount
    self.means = means
    self.variances = variances
    self.classPriors = classPriors
    self.isPresent = isPresent
    self.varianceAdded = varianceAdded
  }

  public var list: [Tensor] {
    [
      Tensor("class_means", means, shape: [classCount, featureCount]),
      Tensor("class_variances", variances, shape: [classCount, featureCount]),
      Tensor("class_priors", classPriors, shape: [classCount]),
      Tensor("class_is_present", isPresent.map { $0 ? UInt8(1) : 0 }, shape: [classCount]),
      Tensor("variance_added", [varianceAdded], shape: []),
    ]
  }

  init(_ file: SafetensorsFile, _ description: ModelDescription) throws(ModelFileError) {
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
    classCount = shape[0]
    featureCount = shape[1]
    isPresent = try file.presence("class_is_present")
    means = try file.elements("class_means")
    variances = try file.elements("class_variances")
    if let odd = variances.first(where: { $0 < 0 }) {
      throw file.fail("class_variances: expected none below 0, found \(odd)")
    }
    classPriors = try file.elements("class_priors")
    try file.checkDistribution(classPriors[...], "class_priors")
    varianceAdded = try file.elements("variance_added", of: Double.self)[0]
  }
}
