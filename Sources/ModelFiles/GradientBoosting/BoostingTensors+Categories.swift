/// Checks of the arrays that describe categorical features.
extension BoostingTensors {
  /// How many thresholds, or categories, a feature has.
  package func thresholdCount(_ feature: Int) -> Int {
    Int(firstThresholds[feature + 1] - firstThresholds[feature])
  }

  /// Reads and checks which features are categorical; none if the file says nothing of it.
  static func categoricalFeatures(
    of file: SafetensorsFile, _ description: ModelDescription
  ) throws(ModelFileError) -> [Bool] {
    let featureCount = description.featureNames.count
    guard file.has(categoricalName) else { return Array(repeating: false, count: featureCount) }
    let flags = try file.elements(categoricalName, of: UInt8.self)
    try file.check(featureCount: flags.count, description, tensor: categoricalName)
    guard flags.allSatisfy({ $0 <= 1 }), flags.contains(1) else {
      throw file.fail("\(categoricalName): expected 0 or 1, and at least one 1")
    }
    return flags.map { $0 == 1 }
  }

  /// Reads the sets of the nodes that compare categorical features.
  static func leftCategories(
    of file: SafetensorsFile, _ leftChildren: [Int32], _ features: [Int32], _ isCategorical: [Bool]
  ) throws(ModelFileError) -> [Int: BinSet] {
    guard isCategorical.contains(true) else {
      guard !file.has(setsName) else {
        throw file.fail("\(setsName): expected none, since no feature is categorical")
      }
      return [:]
    }
    let nodes = leftChildren.indices.filter { node in
      leftChildren[node] >= 0 && isCategorical.indices.contains(Int(features[node]))
        && isCategorical[Int(features[node])]
    }
    guard try file.shape(setsName, rank: 2) == [nodes.count, BinSet.byteCount] else {
      throw file.fail(
        "\(setsName): expected \(nodes.count) sets of \(BinSet.byteCount) bytes, one per node that "
          + "compares a categorical feature")
    }
    let bytes = try file.elements(setsName, of: UInt8.self)
    return Dictionary(
      uniqueKeysWithValues: nodes.enumerated().map { place, node in
        let start = place * BinSet.byteCount
        return (node, BinSet(bytes: bytes[start..<start + BinSet.byteCount]))
      })
  }

  /// Checks that sets have categories of their feature only, and that values go both ways.
  func checkSets(_ file: SafetensorsFile) throws(ModelFileError) {
    for (node, set) in leftCategories.sorted(by: { $0.key < $1.key }) {
      let count = thresholdCount(Int(features[node]))
      let leftCount = (0..<256).lazy.filter { set.contains($0) }.count
      guard (0..<count).lazy.filter({ set.contains($0) }).count == leftCount else {
        throw file.fail(
          "\(Self.setsName): expected bins below \(count) in the set of node \(node)")
      }
      let goesLeft = missingGoesLeft[node] == 1
      guard goesLeft ? leftCount < count : leftCount > 0 else {
        throw file.fail("\(Self.setsName): all values go to one side of node \(node)")
      }
    }
  }
}
