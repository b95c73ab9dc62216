/// Finds the least value of a logistic objective from gradients alone, for more variables than a Hessian is good for.
///
/// A step is the gradient times an approximate inverse Hessian, which the last steps and the changes of the gradient
/// along them make; it is halved until the loss falls enough. The search ends where no part of the gradient of the mean
/// loss is larger than a millionth of the tolerance, or where rounding hides a further fall.
///
/// - SeeAlso: Nocedal and Wright, "Numerical optimization", 2nd edition, 2006, algorithm 7.4.
struct LBFGSSolver {
  let objective: LogisticObjective
  let maximumIterations: Int
  let tolerance: Double

  /// How many of the last steps are remembered.
  private static var memory: Int { 10 }

  /// A step, the change of the gradient along it, and 1 / (step·change).
  private struct Pair {
    let step: [Double]
    let change: [Double]
    let scale: Double
  }

  func fit() -> LogisticFit {
    var fit = LogisticFit(
      variables: objective.start, iterationCount: 0, ending: .iterationLimit)
    var pairs: [Pair] = []
    var value = objective.value(at: fit.variables, withHessian: false)
    // A gradient of the sum over the rows.
    let limit = 1e-6 * tolerance * objective.totalWeight
    while fit.iterationCount < maximumIterations {
      if value.gradient.largestMagnitude <= limit {
        fit.ending = .optimum
        break
      }
      if objective.penaltyStrength == 0, value.smallestShare >= 1 - min(tolerance, 0.01) {
        fit.ending = .separated
        break
      }
      fit.iterationCount += 1
      let step = step(value.gradient, pairs)
      guard let (place, next) = search(from: fit.variables, value, step) else {
        fit.ending = .optimum
        break
      }
      let taken = difference(place, fit.variables)
      let change = difference(next.gradient, value.gradient)
      let curvature = product(taken, change)
      if curvature > 0 {
        pairs.append(Pair(step: taken, change: change, scale: 1 / curvature))
        if pairs.count > Self.memory { pairs.removeFirst() }
      }
      fit.variables = place
      value = next
    }
    fit.variables = objective.centred(fit.variables)
    return fit
  }

  private func step(_ gradient: [Double], _ pairs: [Pair]) -> [Double] {
    var step = gradient.map(-)
    var factors: [Double] = []
    for pair in pairs.reversed() {
      let factor = pair.scale * product(pair.step, step)
      add(-factor, pair.change, to: &step)
      factors.append(factor)
    }
    let scale =
      pairs.last.map { 1 / ($0.scale * product($0.change, $0.change)) }
      ?? 1 / gradient.largestMagnitude
    for place in step.indices { step[place] *= scale }
    for (pair, factor) in zip(pairs, factors.reversed()) {
      add(factor - pair.scale * product(pair.change, step), pair.step, to: &step)
    }
    return step
  }

  /// `nil` where rounding hides a further fall.
  private func search(
    from variables: [Double], _ value: LogisticObjective.Value, _ step: [Double]
  ) -> (place: [Double], value: LogisticObjective.Value)? {
    let slope = product(step, value.gradient)
    var length = 1.0
    while -slope * length > value.loss * 0x1p-50 {
      let place = zip(variables, step).map { $0 + length * $1 }
      let next = objective.value(at: place, withHessian: false)
      if next.loss <= value.loss + 1e-4 * length * slope { return (place, next) }
      length /= 2
    }
    return nil
  }

  private func product(_ first: [Double], _ second: [Double]) -> Double {
    zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func difference(_ first: [Double], _ second: [Double]) -> [Double] {
    zip(first, second).map { $0 - $1 }
  }

  private func add(_ factor: Double, _ vector: [Double], to sum: inout [Double]) {
    for place in sum.indices { sum[place] += factor * vector[place] }
  }
}
