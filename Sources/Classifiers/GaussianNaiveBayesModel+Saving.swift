package import LinearAlgebra

extension GaussianNaiveBayesModel {
  /// Rebuilds a model from numbers that nobody has checked yet.
  package init(
    checkingMeans means: Matrix, variances: Matrix, classPriors: [Double], epsilon: Double,
    isPresent: [Bool]
  ) throws(ModelContentError) {
    if let odd = variances.elements.first(where: { $0 < 0 }) {
      throw ModelContentError("class_variances: expected none below 0, found \(odd)")
    }
    try ModelContentError.checkDistribution(classPriors[...], "class_priors")
    guard isPresent.contains(true) else {
      throw ModelContentError("class_is_present: expected at least one class to be present")
    }
    self.init(
      means: means, variances: variances, classPriors: classPriors, epsilon: epsilon,
      isPresent: isPresent)
  }
}
