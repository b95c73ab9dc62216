import LinearAlgebra

/// Finds the least value of a logistic objective by Newton's method.
///
/// A step solves H·step = −gradient by Cholesky's factors, and is halved until the loss falls enough. The search ends
/// where a step changes no variable by more than a ten-thousandth of the tolerance, relative to the largest; as steps
/// double the number of right digits, what is left is rounding. It ends as well where rounding hides a further fall of
/// the loss, and, without a penalty, where every sample's own class has a probability of nearly one: no mistake is
/// left, so that coefficients could grow for ever.
///
/// - SeeAlso: Nocedal and Wright, "Numerical optimization", 2nd edition, 2006, chapter 3.
struct NewtonSolver {
  let objective: LogisticObjective
  let maximumIterations: Int
  let tolerance: Double

  /// More variables than this are left to L-BFGS: a Hessian costs time by the square of their number.
  static var variableLimit: Int { 1_500 }

  func fit() -> LogisticFit {
    var fit = LogisticFit(
      variables: objective.start, iterationCount: 0, ending: .iterationLimit)
    var value = objective.value(at: fit.variables, withHessian: true)
    while fit.iterationCount < maximumIterations {
      fit.iterationCount += 1
      let (step, decrement) = step(value)
      guard let (length, next) = search(from: fit.variables, value, step, decrement) else {
        // Along a Newton step a convex loss falls unless rounding hides it.
        fit.ending = .optimum
        break
      }
      for place in step.indices { fit.variables[place] += length * step[place] }
      value = next
      let change = length * step.largestMagnitude / max(1, fit.variables.largestMagnitude)
      if let ending = ending(value, change: change, decrement: decrement) {
        fit.ending = ending
        break
      }
    }
    fit.variables = objective.centred(fit.variables)
    if fit.ending == .optimum { fit.standardErrors = standardErrors(value) }
    return fit
  }

  /// - Parameters:
  ///   - change: by how much the last step changed a variable at most, relative to the largest.
  ///   - decrement: twice the fall of the loss that the step promised.
  private func ending(
    _ value: LogisticObjective.Value, change: Double, decrement: Double
  ) -> LogisticFit.Ending? {
    if change <= 1e-4 * tolerance { return .optimum }
    guard objective.penaltyStrength == 0 else {
      return decrement <= value.loss * 0x1p-50 ? .optimum : nil
    }
    if value.smallestShare >= 1 - min(tolerance, 0.01) { return .separated }
    guard decrement <= max(value.loss * 0x1p-50, 1e-10) else { return nil }
    return change <= 1e-3 ? .optimum : .unbounded
  }

  /// The step that a Newton iteration takes at full length, and the decrement −gradient·step.
  private func step(_ value: LogisticObjective.Value) -> (step: [Double], decrement: Double) {
    let system = ScaledHessian(value.hessian, of: objective)
    let step = system.solution(of: value.gradient.map(-))
    return (step, -zip(step, value.gradient).reduce(0) { $0 + $1.0 * $1.1 })
  }

  /// The longest of the lengths 1, ½, ¼, … with which the loss falls enough, and the value there; `nil` where there is
  /// none.
  private func search(
    from variables: [Double], _ value: LogisticObjective.Value, _ step: [Double],
    _ decrement: Double
  ) -> (length: Double, value: LogisticObjective.Value)? {
    var length = 1.0
    while length > 1e-9 {
      let place = zip(variables, step).map { $0 + length * $1 }
      let next = objective.value(at: place, withHessian: true)
      // What rounding hides is no rise.
      let slack = 16 * value.loss.ulp
      if next.loss <= value.loss - 1e-4 * length * decrement + slack { return (length, next) }
      length /= 2
    }
    return nil
  }

  /// Each variable's standard error: the root of the inverse Hessian's diagonal.
  ///
  /// Without a penalty these are the errors that maximum likelihood has in large samples; with one, the deviations of
  /// the normal distribution that fits the posterior best at its mode, of which the penalty is the prior.
  ///
  /// - SeeAlso: Hastie, Tibshirani and Friedman, "The elements of statistical learning", 2nd edition, 2009, section
  ///   4.4; Bishop, "Pattern recognition and machine learning", 2006, section 4.5.
  private func standardErrors(_ value: LogisticObjective.Value) -> [Double?] {
    ScaledHessian(value.hessian, of: objective).inverseDiagonal.map { $0.map { $0.squareRoot() } }
  }
}

/// A Hessian as a system of equations that can be solved, whatever the data are.
///
/// Variables are scaled so that the diagonal is 1. What may be shifted together over the classes gets a curvature of
/// its own; steps have no part in it, and inverses are rid of it. Where columns are constant or follow from each other
/// and there is no penalty, a little is added to the diagonal: of the many optima, steps then lead to one near zero.
private struct ScaledHessian {
  private let factor: CholeskyFactor
  private let scale: [Double]
  /// What was added to the diagonal.
  private let ridge: Double
  /// The curvature that was added for each place in a row of coefficients.
  private let sharedCurvatures: [Double]
  private let width: Int
  private let rowCount: Int

  init(_ hessian: [Double], of objective: LogisticObjective) {
    let size = objective.variableCount
    (width, rowCount) = (objective.width, objective.rowCount)
    var matrix = hessian
    var curvatures = [Double](repeating: 0, count: width)
    for place in 0..<width where objective.isShared(place) {
      let variables = (0..<rowCount).map { $0 * objective.width + place }
      let curvature = variables.reduce(0) { $0 + matrix[$1 * size + $1] } / Double(size)
      curvatures[place] = curvature
      for (index, row) in variables.enumerated() {
        for column in variables[index...] { matrix[row * size + column] += curvature }
      }
    }
    sharedCurvatures = curvatures
    let scale = (0..<size).map { place in
      let curvature = matrix[place * size + place]
      return curvature > 0 ? 1 / curvature.squareRoot() : 0
    }
    for row in 0..<size {
      for column in row..<size { matrix[row * size + column] *= scale[row] * scale[column] }
      matrix[row * size + row] = 1
    }
    self.scale = scale
    var ridge = 0.0
    while true {
      if let factor = CholeskyFactor(upperTriangleOf: matrix, order: size),
        ridge > 0 || factor.smallestPivot > 1e-11
      {
        self.factor = factor
        break
      }
      let next = ridge == 0 ? 1e-9 : 10 * ridge
      for place in 0..<size { matrix[place * size + place] += next - ridge }
      ridge = next
    }
    self.ridge = ridge
  }

  func solution(of right: [Double]) -> [Double] {
    zip(scale, factor.solution(of: zip(scale, right).map { $0 * $1 })).map { $0 * $1 }
  }

  /// The diagonal of the inverse; `nil` for a variable that the data leave open.
  var inverseDiagonal: [Double?] {
    factor.inverseDiagonal.enumerated().map { place, inverse in
      guard scale[place] > 0, ridge == 0 || inverse < 0.01 / ridge else { return nil }
      let shared = sharedCurvatures[place % width]
      let rows = Double(rowCount)
      return scale[place] * scale[place] * inverse - (shared > 0 ? 1 / (shared * rows * rows) : 0)
    }
  }
}

extension [Double] {
  /// 0 for none.
  var largestMagnitude: Double { reduce(0) { Swift.max($0, abs($1)) } }
}
