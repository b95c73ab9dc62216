#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The derivatives of a block of rows of two classes.
///
/// Four rows are worked on at once, with ``Swift/SIMD4/negativeExponential`` instead of the C library's function. Its error
/// decides nothing: where it could change a number's rounding to single precision, in a few rows of a million, the
/// formulas of scikit-learn are followed step by step.
struct TwoClassDerivatives {
  /// The raw prediction of each row.
  let raw: UnsafePointer<Double>
  /// 0 or 1.
  let labels: UnsafePointer<Int32>
  /// The weight of each class.
  let weights: [Double]
  let derivatives: UnsafeMutablePointer<Derivatives>

  private typealias Lane = SIMD4<Double>
  private static let groupSize = 64
  /// Far more than the relative error of derivatives in double precision.
  private static let margin = 1e-13

  /// Finds the derivatives of the first rows.
  ///
  /// - Parameter count: at most 2048.
  /// - Returns: the sum of their losses.
  func differentiate(_ count: Int) -> Double {
    let lanes = Lane.scalarCount
    let whole = count / lanes * lanes
    var sums = Sums()
    // The odds of some rows first, since the processor works on more rows at once in two short loops than in a long one.
    withUnsafeTemporaryAllocation(of: Lane.self, capacity: Self.groupSize / lanes) { odds in
      for group in stride(from: 0, to: whole, by: Self.groupSize) {
        let rows = stride(from: group, to: min(whole, group + Self.groupSize), by: lanes)
        for row in rows {
          let raw = raw(row)
          odds[(row &- group) / lanes] =
            raw.replacing(with: -raw, where: raw .> 0).negativeExponential
        }
        for row in rows { differentiate(row, odds: odds[(row &- group) / lanes], &sums) }
      }
    }
    var loss = sums.loss(weights)
    for row in whole..<count {
      differentiate(row: row)
      loss += weights[Int(labels[row])] * Self.loss(raw[row], isSecond: labels[row] == 1)
    }
    return loss
  }

  /// What the losses of rows are the sum of. A logarithm of a product takes the place of many logarithms.
  private struct Sums {
    /// The products of 1 + odds, at most 2 to the power of the rows of a lane: for all rows, and for those of the second
    /// class.
    var all = Lane(repeating: 1)
    var second = Lane(repeating: 1)
    /// The weighted sum of |raw prediction| where the other class is more probable.
    var linear = Lane.zero

    func loss(_ weights: [Double]) -> Double {
      var loss = linear.sum()
      for lane in 0..<Lane.scalarCount {
        let second = log(second[lane])
        loss += weights[0] * (log(all[lane]) - second) + weights[1] * second
      }
      return loss
    }
  }

  /// The raw predictions of a lane.
  @inline(__always)
  private func raw(_ row: Int) -> Lane {
    UnsafeRawPointer(raw + row).loadUnaligned(as: Lane.self)
  }

  /// - Parameter odds: those of the less probable class.
  @inline(__always)
  private func differentiate(_ row: Int, odds: Lane, _ sums: inout Sums) {
    let raw = raw(row)
    let label = UnsafeRawPointer(labels + row).loadUnaligned(as: SIMD4<Int32>.self)
    let isSecond = Lane(label) .> 0
    let isOther = (raw .> 0) .^ isSecond
    let sum = 1 + odds
    let more = 1 / sum
    let less = odds * more
    let weight = Lane(repeating: weights[0]).replacing(with: weights[1], where: isSecond)
    // The probability of the other class.
    let other = weight * less.replacing(with: more, where: isOther)
    let gradient = other.replacing(with: -other, where: isSecond)
    if !store(gradient, weight * less * more, row) {
      for row in row..<row + Lane.scalarCount { differentiate(row: row) }
    }
    let distance = raw.replacing(with: -raw, where: isSecond)
    sums.linear += weight * Lane.zero.replacing(with: distance, where: isOther)
    sums.all *= sum
    sums.second *= Lane(repeating: 1).replacing(with: sum, where: isSecond)
  }

  /// Rounds derivatives to single precision.
  ///
  /// - Returns: whether an error of ``margin`` would not have changed that.
  @inline(__always)
  private func store(_ gradient: Lane, _ hessian: Lane, _ row: Int) -> Bool {
    typealias Rounded = SIMD4<Float>
    let (low, high) = (1 - Self.margin, 1 + Self.margin)
    let first = Rounded(gradient * low)
    let second = Rounded(hessian * low)
    let pairs = SIMD8(lowHalf: first, highHalf: second)
    let target = UnsafeMutableRawPointer(derivatives + row)
    target.storeBytes(
      of: SIMD8(
        pairs[0], pairs[4], pairs[1], pairs[5], pairs[2], pairs[6], pairs[3], pairs[7]),
      as: SIMD8<Float>.self)
    return all((first .== Rounded(gradient * high)) .& (second .== Rounded(hessian * high)))
  }

  private func differentiate(row: Int) {
    let value = raw[row]
    let truth = Double(labels[row])
    var pair: SIMD2<Double>
    if value > -37 {
      let power = exp(-value)
      let sum = 1 + power
      pair = SIMD2((1 - truth) - truth * power, power) / SIMD2(sum, sum * sum)
    } else {
      let power = exp(value)
      pair = SIMD2(power - truth, power)
    }
    derivatives[row] = Derivatives(pair * weights[Int(labels[row])])
  }

  /// The loss of a row.
  static func loss(_ raw: Double, isSecond: Bool) -> Double {
    logOnePlusExp(raw) - (isSecond ? raw : 0)
  }

  /// log(1 + exp(x)), by the formula that is precise for the size of x.
  private static func logOnePlusExp(_ value: Double) -> Double {
    if value <= -37 { return exp(value) }
    if value <= -2 { return log1p(exp(value)) }
    if value <= 18 { return log(1 + exp(value)) }
    return value <= 33.3 ? value + exp(-value) : value
  }
}
