#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Draws how the samples' population may be divided, given how many samples are in each part.
///
/// The shares of the parts follow a Dirichlet distribution. What is drawn are independent gamma
/// variables, whose shares of their sum have that distribution.
struct DirichletDraws {
  private var generator: SplitMix64
  /// Per part, what ``draw(into:)`` needs of its shape.
  private let parts: [Part]

  private struct Part {
    let shape: Double
    /// A uniform number below this makes the variable too small to matter; 0 where the shape is at
    /// least 1.
    let threshold: Double
    /// Marsaglia and Tsang's constants, of the shape plus 1 where it is below 1.
    let d, c: Double

    init(_ shape: Double) {
      self.shape = shape
      threshold = shape < 1 ? exp(-45 * shape) : 0
      d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3
      c = 1 / (9 * d).squareRoot()
    }
  }

  /// - Parameter shapes: a number of samples for each part, which need not be whole; at least 0.
  init(_ shapes: [Double], seed: UInt64) {
    generator = SplitMix64(seed: seed)
    parts = shapes.map(Part.init)
  }

  /// Writes one gamma variable for each part.
  mutating func draw(into values: UnsafeMutablePointer<Double>) {
    for (index, part) in parts.enumerated() { values[index] = gamma(part) }
  }

  /// - SeeAlso: Marsaglia and Tsang, "A simple method for generating gamma variables", 2000,
  ///   doi:10.1145/358407.358414.
  private mutating func gamma(_ part: Part) -> Double {
    guard part.shape > 0 else { return 0 }
    var factor = 1.0
    if part.shape < 1 {
      // A variable of a shape below 1 is one of the shape plus 1, times U^(1/shape).
      let number = generator.uniform()
      guard number > part.threshold else { return 0 }
      factor = exp(log(number) / part.shape)
    }
    while true {
      let x = NormalLayers.draw(from: &generator)
      let root = 1 + part.c * x
      guard root > 0 else { continue }
      let v = root * root * root
      let number = generator.uniform()
      // Nearly all are taken here, without a logarithm.
      if number < 1 - 0.0331 * x * x * x * x { return factor * part.d * v }
      if log(number) < x * x / 2 + part.d * (1 - v + log(v)) { return factor * part.d * v }
    }
  }
}

/// The normal density above zero, cut into layers of equal area, so that nearly every draw is one comparison. The sign
/// comes with the place in the layer.
///
/// - SeeAlso: Doornik, "An improved ziggurat method to generate normal random samples", 2005.
private enum NormalLayers {
  private static let count = 128
  /// Where the tail begins, and the area of a layer, which together make the layers fill the density.
  private static let (tail, area) = (3.442619855899, 9.91256303526217e-3)

  /// The right ends of the layers, from the lowest up, and 0 after the last. The lowest one, which has the tail, is as
  /// wide as a rectangle of its area.
  private static let ends: [Double] = {
    var ends = [area / density(tail), tail]
    while ends.count < count {
      let last = ends[ends.count - 1]
      ends.append((-2 * log(area / last + density(last))).squareRoot())
    }
    return ends + [0]
  }()

  private static func density(_ x: Double) -> Double { exp(-0.5 * x * x) }

  @inline(__always)
  static func draw(from generator: inout SplitMix64) -> Double {
    ends.withUnsafeBufferPointer { ends in
      while true {
        let bits = generator.next()
        // The lowest bits choose the layer, and the highest the place in it.
        let layer = Int(bits & UInt64(count - 1))
        let x = (Double(bits >> 11) * 0x1p-52 - 1) * ends[layer]
        let inner = ends[layer &+ 1]
        if abs(x) < inner { return x }
        if layer == 0 { return drawTail(isNegative: x < 0, &generator) }
        let height = density(ends[layer])
        if height + generator.uniform() * (density(inner) - height) < density(x) { return x }
      }
    }
  }

  private static func drawTail(isNegative: Bool, _ generator: inout SplitMix64) -> Double {
    while true {
      let x = -log(generator.uniform()) / tail
      if -2 * log(generator.uniform()) >= x * x { return isNegative ? -tail - x : tail + x }
    }
  }
}

extension SplitMix64 {
  /// A number above 0 and below 1.
  fileprivate mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }
}
