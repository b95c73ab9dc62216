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
  private typealias Bits = SIMD4<UInt64>
  /// The processor works on more rows at once in two short loops over so many lanes than in a long one.
  private static let groupSize = 16

  /// Finds the derivatives of the first rows.
  ///
  /// - Parameter count: at most 2048.
  /// - Returns: the sum of their losses.
  func differentiate(_ count: Int) -> Double {
    let laneCount = count / 4
    let isWeighted = weights[0] != 1 || weights[1] != 1
    var sums = Sums()
    withUnsafeTemporaryAllocation(of: Lane.self, capacity: Self.groupSize) { odds in
      guard let odds = odds.baseAddress else { return }
      var first = 0
      while first < laneCount {
        let end = min(laneCount, first + Self.groupSize)
        let areSure =
          isWeighted
          ? differentiate(lanes: first..<end, odds, &sums, isWeighted: true)
          : differentiate(lanes: first..<end, odds, &sums, isWeighted: false)
        if !areSure { for row in 4 * first..<4 * end { differentiate(row: row) } }
        first = end
      }
    }
    var loss = sums.loss(weights)
    for row in 4 * laneCount..<count {
      differentiate(row: row)
      loss += weights[Int(labels[row])] * Self.loss(raw[row], isSecond: labels[row] == 1)
    }
    return loss
  }

  /// What the losses of rows are the sum of. A logarithm of a product takes the place of many logarithms.
  private struct Sums {
    /// The products of 1 + odds, at most 2 to the power of the rows of a lane: for all rows, and, where classes have
    /// weights, for those of the second class.
    var all = Lane(repeating: 1)
    var second = Lane(repeating: 1)
    /// The weighted sum of |raw prediction| where the other class is more probable.
    var linear = Lane.zero

    func loss(_ weights: [Double]) -> Double {
      var loss = linear.sum()
      for lane in 0..<4 {
        let second = log(second[lane])
        loss += weights[0] * (log(all[lane]) - second) + weights[1] * second
      }
      return loss
    }
  }

  /// Finds the derivatives of four rows per lane.
  ///
  /// - Parameters:
  ///   - odds: memory for each lane's, those of the less probable class.
  ///   - isWeighted: a constant: whether a weight is other than 1.
  /// - Returns: whether the error of the exponentials has changed no rounding to single precision.
  @inline(__always)
  private func differentiate(
    lanes: Range<Int>, _ odds: UnsafeMutablePointer<Lane>, _ sums: inout Sums, isWeighted: Bool
  ) -> Bool {
    let signBit = UInt64(1) << 63
    for lane in lanes {
      odds[lane &- lanes.lowerBound] =
        Lane(bits: Lane(at: raw + 4 &* lane).bits | Bits(repeating: signBit)).negativeExponential
    }
    var (all, second, linear) = (sums.all, sums.second, sums.linear)
    var doubts = Bits.zero
    for lane in lanes {
      let label = UnsafeRawPointer(labels + 4 &* lane).loadUnaligned(as: SIMD4<UInt32>.self)
      // The sign bit where the class is the second.
      let sign = unsafeBitCast(SIMD4<UInt32>.zero.paired(with: label &<< 31), to: Bits.self)
      // How far the raw prediction is on the side of the other class.
      let distance = Lane(bits: Lane(at: raw + 4 &* lane).bits ^ sign)
      let odds = odds[lane &- lanes.lowerBound]
      let sum = 1 + odds
      let more = 1 / sum
      let less = odds * more
      // The probability of the other class.
      var other = less.replacing(with: more, where: distance .> 0)
      var hessian = less * more
      var far = distance.replacing(with: 0, where: distance .< 0)
      if isWeighted {
        let isSecond = sign .!= .zero
        let weight = Lane(repeating: weights[0]).replacing(with: weights[1], where: isSecond)
        other *= weight
        hessian *= weight
        far *= weight
        second *= Lane(repeating: 1).replacing(with: sum, where: isSecond)
      }
      linear += far
      all *= sum
      doubts |= Self.doubts(other) | Self.doubts(hessian)
      let gradient = Lane(bits: other.bits ^ sign)
      UnsafeMutableRawPointer(derivatives + 4 &* lane).storeBytes(
        of: SIMD4<Float>(gradient).paired(with: SIMD4<Float>(hessian)), as: SIMD8<Float>.self)
    }
    (sums.all, sums.second, sums.linear) = (all, second, linear)
    return (doubts & Bits(repeating: signBit)) == .zero
  }

  /// Sets the sign bit where another result in double precision, which differs by far more than its error can be, might
  /// be rounded to another number of single precision.
  ///
  /// - Parameter numbers: above zero.
  @inline(__always)
  private static func doubts(_ numbers: Lane) -> Bits {
    // What is cut off from the bits, less half of the last bit that stays.
    let margin: UInt64 = 1 << 10
    let cut = (numbers.bits &- ((1 << 28) - margin)) & ((1 << 29) - 1)
    // Below 2⁻¹²⁵ more bits are cut off.
    return (cut &- 2 * margin) | (numbers.bits &- (0x1p-125).bitPattern)
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

extension SIMD4 {
  /// Each number followed by one of the others.
  @inline(__always) fileprivate func paired(with others: Self) -> SIMD8<Scalar> {
    SIMD8(x, others.x, y, others.y, z, others.z, w, others.w)
  }
}
