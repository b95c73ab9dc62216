import LinearAlgebra

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The sums over a part of the rows: loss, least share of a sample's own class, gradient and Hessian one after the other
/// in memory that another value owns.
struct LogisticSums {
  private let start: UnsafeMutablePointer<Double>
  private let size: Int
  private let withHessian: Bool

  /// - Parameter size: the number of variables.
  init(_ start: UnsafeMutablePointer<Double>, _ size: Int, withHessian: Bool) {
    self.start = start
    self.size = size
    self.withHessian = withHessian
  }

  /// How many numbers there are.
  static func stride(of size: Int, withHessian: Bool) -> Int {
    2 + size + (withHessian ? size * size : 0)
  }

  var loss: Double {
    get { start[0] }
    nonmutating set { start[0] = newValue }
  }
  var smallestShare: Double {
    get { start[1] }
    nonmutating set { start[1] = newValue }
  }
  var gradient: UnsafeMutablePointer<Double> { start + 2 }
  /// The upper triangle.
  var hessian: UnsafeMutablePointer<Double>? { withHessian ? start + 2 + size : nil }

  /// Adds those of another part.
  func add(_ other: LogisticSums) {
    loss += other.loss
    smallestShare = min(smallestShare, other.smallestShare)
    for place in 2..<Self.stride(of: size, withHessian: withHessian) {
      start[place] += other.start[place]
    }
  }

  var value: LogisticObjective.Value {
    LogisticObjective.Value(
      loss: loss, gradient: Array(UnsafeBufferPointer(start: gradient, count: size)),
      hessian: Array(UnsafeBufferPointer(start: hessian, count: withHessian ? size * size : 0)),
      smallestShare: smallestShare)
  }
}

/// Adds blocks of rows to the sums of a part.
///
/// A block's scores are one product with the coefficients, and what is left of its classes, p − y, gives the gradient by
/// another. With two classes the Hessian is AᵀA for rows A = √(w·p·(1−p))·x. With more it is
///
///     Σₖ Aₖᵀ·Aₖ − BᵀB,   Aₖ = √(w·pₖ)·x on the diagonal,   B = √w·(p₁·x, p₂·x, …)
///
/// so that most of the work is one product of large matrices.
///
/// - SeeAlso: Böhning, "Multinomial logistic regression algorithm", 1992, doi:10.1007/BF00048682.
struct LogisticPass: ~Copyable {
  let sums: LogisticSums
  private let classCount: Int
  private let featureCount: Int
  private let width: Int
  private let rowCount: Int
  /// A number per row of the block and row of coefficients: scores, then what is left.
  private let scores: Buffer<Double>
  /// Rows of variables, scaled.
  private let scaled: Buffer<Double>
  /// With two classes the factor of each row in the Hessian.
  private let factors: Buffer<Double>
  /// With more than two classes a class's own rows.
  private let ownRows: Buffer<Double>

  init(
    _ sums: LogisticSums, classes: Int, _ featureCount: Int, _ width: Int, blockSize: Int
  ) {
    self.sums = sums
    classCount = classes
    self.featureCount = featureCount
    self.width = width
    rowCount = classes > 2 ? classes : 1
    let rowsOfHessian = sums.hessian == nil ? 0 : blockSize
    let laneRows = classes > 2 ? 0 : blockSize + Self.laneSize
    scores = Buffer(uninitializedCount: max(blockSize * rowCount, laneRows))
    factors = Buffer(uninitializedCount: laneRows)
    scaled = Buffer(uninitializedCount: rowsOfHessian * rowCount * width)
    ownRows = Buffer(uninitializedCount: classes > 2 ? rowsOfHessian * width : 0)
  }

  /// - Parameters:
  ///   - features: the first of the block's rows.
  ///   - labels: as many as rows.
  ///   - weights: a number per class.
  ///   - signedWeights: with two classes the weight of each row, below 0 for the first, and 0 up to whole lanes.
  func add(
    _ features: UnsafePointer<Double>, _ labels: ArraySlice<Int32>, _ weights: [Double],
    _ signedWeights: ArraySlice<Double>, _ variables: UnsafePointer<Double>
  ) {
    let count = labels.count
    BLAS.product(
      rows: count, columns: rowCount, inner: featureCount, features, transposed: variables,
      bStride: width, scores.start)
    if rowCount == 1 {
      signedWeights.withUnsafeBufferPointer {
        addTwoClasses(features, count, weights, $0.baseAddress!, intercept(0, variables))
      }
    } else {
      labels.withUnsafeBufferPointer { labels in
        weights.withUnsafeBufferPointer { addManyClasses(features, labels, $0, variables) }
      }
    }
    BLAS.addProduct(
      rows: rowCount, columns: featureCount, inner: count, transposed: scores.start, features,
      to: sums.gradient, cStride: width)
  }

  private func intercept(_ row: Int, _ variables: UnsafePointer<Double>) -> Double {
    featureCount < width ? variables[row &* width &+ featureCount] : 0
  }

  /// Turns scores into what is left, and adds loss and Hessian.
  private func addTwoClasses(
    _ features: UnsafePointer<Double>, _ count: Int, _ weights: [Double],
    _ signedWeights: UnsafePointer<Double>, _ intercept: Double
  ) {
    // What fills the last lane counts as sure.
    for row in count..<(count + Self.laneSize - 1) / Self.laneSize * Self.laneSize {
      scores.start[row] = .greatestFiniteMagnitude
    }
    if weights[0] == 1, weights[1] == 1 {
      addLosses(count, weights, signedWeights, intercept, isWeighted: false)
    } else {
      addLosses(count, weights, signedWeights, intercept, isWeighted: true)
    }
    guard let hessian = sums.hessian else { return }
    for row in 0..<count {
      write(
        features + row &* featureCount, times: factors.start[row], to: scaled.start + row &* width)
    }
    BLAS.addSquare(
      rows: count, columns: width, alpha: 1, scaled.start, toUpperTriangleOf: hessian,
      cStride: width)
  }

  /// Turns scores into what is left, and finds the factors in the Hessian.
  ///
  /// - Parameter isWeighted: a constant: whether a weight is other than 1.
  @inline(__always)
  private func addLosses(
    _ count: Int, _ weights: [Double], _ signedWeights: UnsafePointer<Double>, _ intercept: Double,
    isWeighted: Bool
  ) {
    let signBit = Lane(repeating: -0.0).bits
    let roots = (weights[0].squareRoot(), weights[1].squareRoot())
    var (loss, left, smallestMargins) = (Lane.zero, Lane.zero, Lane(repeating: .infinity))
    // Logarithms of products take the place of many: the products of 1 + odds, at most 2 to the power of the rows of a
    // lane, of all rows and of the second class.
    var (all, second) = (Lane(repeating: 1), Lane(repeating: 1))
    var row = 0
    while row < count {
      let signed = Lane(at: signedWeights + row)
      // Set for the first class.
      let sign = signed.bits & signBit
      // The score of the sample's own class.
      let margin = Lane(bits: (Lane(at: scores.start + row) + intercept).bits ^ sign)
      smallestMargins.replace(with: margin, where: margin .< smallestMargins)
      // The odds of the less probable class, exp(−|margin|), with their root.
      let root = (Lane(bits: margin.bits | signBit) * 0.5).negativeExponential
      let odds = root * root
      let sum = 1 + odds
      let more = 1 / sum
      // The probability of the other class.
      var other = (odds * more).replacing(with: more, where: margin .< 0)
      var beyond = Lane.zero.replacing(with: -margin, where: margin .< 0)
      var factor = root * more
      all *= sum
      if isWeighted {
        let isFirst = signed .< 0
        let weight = Lane(bits: signed.bits ^ sign)
        other *= weight
        beyond *= weight
        factor *= Lane(repeating: roots.1).replacing(with: roots.0, where: isFirst)
        second *= sum.replacing(with: 1, where: isFirst)
      }
      loss += beyond
      // Below 0 for the second class.
      let leftOfRow = Lane(bits: other.bits ^ sign ^ signBit)
      left += leftOfRow
      leftOfRow.store(at: scores.start + row)
      factor.store(at: factors.start + row)
      row &+= Self.laneSize
    }
    sums.loss += loss.sum()
    for lane in 0..<Self.laneSize {
      let second = log(second[lane])
      sums.loss += weights[0] * (log(all[lane]) - second) + weights[1] * second
    }
    let smallest = smallestMargins.min()
    let odds = exp(-abs(smallest))
    sums.smallestShare = min(sums.smallestShare, (smallest < 0 ? odds : 1) / (1 + odds))
    if featureCount < width { sums.gradient[featureCount] += left.sum() }
  }

  private typealias Lane = SIMD4<Double>
  /// So many rows of two classes are worked on at once.
  static var laneSize: Int { 4 }

  /// Turns scores into what is left, and adds loss and Hessian, with a row of coefficients per class.
  private func addManyClasses(
    _ features: UnsafePointer<Double>, _ labels: UnsafeBufferPointer<Int32>,
    _ weights: UnsafeBufferPointer<Double>, _ variables: UnsafePointer<Double>
  ) {
    let size = rowCount * width
    for row in 0..<labels.count {
      let shares = scores.start + row &* rowCount
      for label in 0..<rowCount { shares[label] += intercept(label, variables) }
      let own = Int(labels[row])
      let weight = weights[own]
      let logOfSum = Softmax.apply(shares, count: rowCount, keeping: own)
      sums.loss += weight * logOfSum
      sums.smallestShare = min(sums.smallestShare, shares[own])
    }
    if let hessian = sums.hessian {
      for row in 0..<labels.count {
        let root = weights[Int(labels[row])].squareRoot()
        for label in 0..<rowCount {
          write(
            features + row &* featureCount, times: root * scores.start[row &* rowCount &+ label],
            to: scaled.start + row &* size + label &* width)
        }
      }
      BLAS.addSquare(
        rows: labels.count, columns: size, alpha: -1, scaled.start, toUpperTriangleOf: hessian,
        cStride: size)
      for label in 0..<rowCount {
        for row in 0..<labels.count {
          let share = weights[Int(labels[row])] * scores.start[row &* rowCount &+ label]
          write(
            features + row &* featureCount, times: share.squareRoot(),
            to: ownRows.start + row &* width)
        }
        BLAS.addSquare(
          rows: labels.count, columns: width, alpha: 1, ownRows.start,
          toUpperTriangleOf: hessian + label &* width &* (size &+ 1), cStride: size)
      }
    }
    for row in 0..<labels.count {
      let shares = scores.start + row &* rowCount
      let own = Int(labels[row])
      shares[own] -= 1
      for label in 0..<rowCount {
        shares[label] *= weights[own]
        if featureCount < width {
          sums.gradient[label &* width &+ featureCount] += shares[label]
        }
      }
    }
  }

  /// Writes a row of features, and 1 for the intercept, times a factor.
  @inline(__always)
  private func write(
    _ row: UnsafePointer<Double>, times factor: Double, to target: UnsafeMutablePointer<Double>
  ) {
    for feature in 0..<featureCount { target[feature] = factor * row[feature] }
    if featureCount < width { target[featureCount] = factor }
  }
}
