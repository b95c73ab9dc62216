/// The coefficients of linear scores, as arrays.
public struct LogisticRegressionTensors: ModelTensors {
  package let featureCount: Int
  /// Whether each class had training rows; the others are never predicted.
  package let isPresent: [Bool]
  /// A row per class that had training rows, in their order, a number per feature. At most two classes have one row
  /// between them, that of the second, whose score stands against 0.
  package let coefficients: [Double]
  /// A number per row of coefficients; 0 where none was fitted.
  package let intercepts: [Double]

  /// - Precondition: there are as many numbers as the documentation says.
  package init(
    featureCount: Int, isPresent: [Bool], coefficients: [Double], intercepts: [Double]
  ) {
    self.featureCount = featureCount
    self.isPresent = isPresent
    self.coefficients = coefficients
    self.intercepts = intercepts
  }

  public var list: [Tensor] {
    [
      Tensor("coefficients", coefficients, shape: [intercepts.count, featureCount]),
      Tensor("intercepts", intercepts, shape: [intercepts.count]),
      Tensor("class_is_present", isPresent.map { $0 ? UInt8(1) : 0 }, shape: [isPresent.count]),
    ]
  }

  init(_ file: SafetensorsFile, _ description: ModelDescription) throws(ModelFileError) {
    try file.checkNames(["coefficients", "intercepts", "class_is_present"])
    let presence = try file.shape("class_is_present", rank: 1)
    try file.check(classCount: presence[0], description, tensor: "class_is_present")
    let shape = try file.shape("coefficients", rank: 2)
    try file.check(featureCount: shape[1], description, tensor: "coefficients")
    isPresent = try file.presence("class_is_present")
    let presentCount = isPresent.count { $0 }
    let rowCount = presentCount > 2 ? presentCount : 1
    guard shape[0] == rowCount, try file.shape("intercepts", rank: 1) == [rowCount] else {
      throw file.fail(
        "coefficients and intercepts: expected \(rowCount) rows for \(presentCount) classes that "
          + "are present")
    }
    featureCount = shape[1]
    coefficients = try file.elements("coefficients")
    intercepts = try file.elements("intercepts")
    if let odd = (coefficients + intercepts).first(where: { !$0.isFinite }) {
      throw file.fail("coefficients and intercepts: expected finite numbers, found \(odd)")
    }
  }
}
