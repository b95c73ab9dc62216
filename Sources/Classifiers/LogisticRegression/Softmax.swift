#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Turns scores into probabilities.
enum Softmax {
  /// The probabilities of scores, in their place.
  ///
  /// - Returns: −log of the probability at `place`, exact also where that is tiny.
  @discardableResult @inline(__always)
  static func apply(_ scores: UnsafeMutablePointer<Double>, count: Int, keeping place: Int = 0)
    -> Double
  {
    var largest = scores[0]
    for label in 1..<count { largest = max(largest, scores[label]) }
    let own = scores[place]
    var sum = 0.0
    for label in 0..<count {
      scores[label] = exp(scores[label] - largest)
      sum += scores[label]
    }
    for label in 0..<count { scores[label] /= sum }
    return log(sum) + (largest - own)
  }
}
