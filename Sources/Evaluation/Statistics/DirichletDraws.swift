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
  /// The second of two normal numbers, which come in pairs.
  private var spare: Double?

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
      let number = uniform()
      guard number > part.threshold else { return 0 }
      factor = exp(log(number) / part.shape)
    }
    while true {
      let x = normal()
      let root = 1 + part.c * x
      guard root > 0 else { continue }
      let v = root * root * root
      let number = uniform()
      // Nearly all are taken here, without a logarithm.
      if number < 1 - 0.0331 * x * x * x * x { return factor * part.d * v }
      if log(number) < x * x / 2 + part.d * (1 - v + log(v)) { return factor * part.d * v }
    }
  }

  /// A number above 0 and below 1.
  private mutating func uniform() -> Double {
    (Double(generator.next() >> 11) + 0.5) * 0x1p-53
  }

  /// - SeeAlso: Marsaglia and Bray, "A convenient method for generating normal variables", 1964,
  ///   doi:10.1137/1006063.
  private mutating func normal() -> Double {
    if let spare {
      self.spare = nil
      return spare
    }
    while true {
      let x = 2 * uniform() - 1
      let y = 2 * uniform() - 1
      let square = x * x + y * y
      guard square > 0, square < 1 else { continue }
      let scale = (-2 * log(square) / square).squareRoot()
      spare = y * scale
      return x * scale
    }
  }
}
