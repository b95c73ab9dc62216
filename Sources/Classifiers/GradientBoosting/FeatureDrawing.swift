import Datasets

/// Chooses the features that each split tries, all from one generator.
final class FeatureDrawing {
  private var generator: PermutedCongruential
  private let featureCount: Int
  private let chosenCount: Int

  init(seed: UInt32, share: Double, featureCount: Int) {
    generator = PermutedCongruential(seed: seed)
    self.featureCount = featureCount
    chosenCount = max(1, Int((share * Double(featureCount)).rounded(.up)))
  }

  /// Whether the next split tries each feature.
  func next() -> [Bool] {
    var isChosen = (0..<featureCount).map { $0 < chosenCount }
    generator.shuffle(&isChosen)
    return isChosen
  }
}
