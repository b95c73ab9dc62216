/// Numbers that make no model.
package struct ModelContentError: Error, Hashable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }

  /// Checks that numbers are the probabilities of all that can happen.
  static func checkDistribution(
    _ shares: ArraySlice<Double>, _ place: String
  ) throws(ModelContentError) {
    var sum = 0.0
    for share in shares {
      // Sums of weights that were rounded differently may exceed one by a little.
      guard share >= 0, share <= 1 + 1e-9 else {
        throw ModelContentError("\(place): expected a share from 0 to 1, found \(share)")
      }
      sum += share
    }
    guard abs(sum - 1) <= 1e-6 else {
      throw ModelContentError("\(place): expected shares that sum to one, found a sum of \(sum)")
    }
  }
}
