import LinearAlgebra
import Testing

@testable import Classifiers

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

@Suite struct `The loss of boosting` {
  /// Raw predictions of all sizes, those around the borders of the formulas, and those whose probability is halfway between
  /// two numbers of single precision: there an exponential's last bit decides.
  private static let raw: [Double] = {
    let borders = [
      -800, -745, -710, -700, -104, -88, -37, -36, -2, 0, 18, 33.3, 88, 104, 700, 800.0,
    ]
    let around = borders.flatMap { [$0, $0.nextUp, $0.nextDown, -$0] }
    let halfway = stride(from: Float(0.001), to: 0.999, by: 0.000_1).map { share in
      let middle = (Double(share) + Double(share.nextUp)) / 2
      return log(middle / (1 - middle))
    }
    return around + halfway + stride(from: -200, through: 200, by: 0.0107)
  }()
  private static let labels = raw.indices.map { Int32($0 % 7 / 5) }

  /// scikit-learn's formulas for a row of two classes, each operation rounded.
  private static func derivatives(_ raw: Double, _ label: Int32, weight: Double) -> Derivatives {
    let truth = Double(label)
    if raw <= -37 {
      return Derivatives(Float((exp(raw) - truth) * weight), Float(exp(raw) * weight))
    }
    let power = exp(-raw)
    let sum = 1 + power
    return Derivatives(
      Float(((1 - truth) - truth * power) / sum * weight), Float(power / (sum * sum) * weight))
  }

  @Test(arguments: [nil, [0.7, 3.1]])
  func `has the derivatives of scikit-learn's formulas to the last bit`(weights: [Double]?) {
    let loss = BoostingLoss(labels: Self.labels, classCount: 2, classWeights: weights)
    var found = [Derivatives](repeating: .zero, count: Self.raw.count)
    let mean = Team.with(threads: 2) { loss.differentiate(Self.raw, &found, $0) }
    let differing = Self.raw.indices.filter { row in
      let label = Self.labels[row]
      return found[row]
        != Self.derivatives(Self.raw[row], label, weight: weights?[Int(label)] ?? 1)
    }
    #expect(differing.isEmpty, "\(differing.map { (Self.raw[$0], Self.labels[$0]) })")
    let exact = Team.with(threads: 2) { loss.evaluate(Self.raw, $0) }
    #expect(abs(mean - exact) <= 1e-14 * exact)
  }

  @Test func `of sure predictions is as small as by logarithms of each row`() {
    let raw = (0..<4_099).map { 20 + Double($0) / 1000 }
    let loss = BoostingLoss(
      labels: [Int32](repeating: 1, count: raw.count), classCount: 2, classWeights: nil)
    var derivatives = [Derivatives](repeating: .zero, count: raw.count)
    let mean = loss.differentiate(raw, &derivatives, .alone)
    #expect(abs(mean - loss.evaluate(raw, .alone)) <= 1e-15)
  }
}
