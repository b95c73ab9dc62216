/// Checks that the tensors of several algorithms share.
extension SafetensorsFile {
  func check(
    classCount: Int, _ description: ModelDescription, tensor: String
  ) throws(ModelFileError) {
    let expected = description.classNames.count
    guard classCount == expected else {
      throw fail("\(tensor): expected \(expected) classes, as many as names, found \(classCount)")
    }
  }

  func check(
    featureCount: Int, _ description: ModelDescription, tensor: String
  ) throws(ModelFileError) {
    let expected = description.featureNames.count
    guard featureCount == expected else {
      throw fail(
        "\(tensor): expected \(expected) features, as many as names, found \(featureCount)")
    }
  }

  /// Whether each class had training rows, as 0 or 1.
  func presence(_ tensor: String) throws(ModelFileError) -> [Bool] {
    let flags = try elements(tensor, of: UInt8.self)
    guard flags.allSatisfy({ $0 <= 1 }) else { throw fail("\(tensor): expected 0 or 1") }
    guard flags.contains(1) else {
      throw fail("\(tensor): expected at least one class to be present")
    }
    return flags.map { $0 == 1 }
  }

  /// Checks that numbers are a probability distribution.
  func checkDistribution(
    _ shares: ArraySlice<Double>, _ place: @autoclosure () -> String
  ) throws(ModelFileError) {
    var sum = 0.0
    for share in shares {
      // Rounding may make a share slightly larger than one.
      guard share >= 0, share <= 1 + 1e-9 else {
        throw fail("\(place()): expected a share from 0 to 1, found \(share)")
      }
      sum += share
    }
    guard abs(sum - 1) <= 1e-6 else {
      throw fail("\(place()): expected shares that sum to one, found a sum of \(sum)")
    }
  }
}
