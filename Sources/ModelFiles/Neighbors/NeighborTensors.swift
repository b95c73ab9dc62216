/// Training samples with their classes, as arrays.
public struct NeighborTensors: ModelTensors {
  package let featureCount: Int
  /// A row per sample, a number per feature.
  package let samples: [Double]
  /// The class of each sample.
  package let labels: [Int32]

  /// - Precondition: there is a number for each sample and feature.
  package init(featureCount: Int, samples: [Double], labels: [Int32]) {
    self.featureCount = featureCount
    self.samples = samples
    self.labels = labels
  }

  public var list: [Tensor] {
    [
      Tensor("training_samples", samples, shape: [labels.count, featureCount]),
      Tensor("training_labels", labels, shape: [labels.count]),
    ]
  }

  init(
    _ file: SafetensorsFile, _ description: ModelDescription, neighborCount: Int
  ) throws(ModelFileError) {
    try file.checkNames(["training_samples", "training_labels"])
    let shape = try file.shape("training_samples", rank: 2)
    try file.check(featureCount: shape[1], description, tensor: "training_samples")
    guard try file.shape("training_labels", rank: 1) == [shape[0]], shape[0] < Int(Int32.max) else {
      throw file.fail("training_labels must have one number per sample")
    }
    guard neighborCount <= shape[0] else {
      throw file.fail(
        "training_samples: \(neighborCount) neighbours need as many samples, found "
          + "\(shape[0])")
    }
    featureCount = shape[1]
    labels = try file.elements("training_labels")
    let classCount = description.classNames.count
    if let odd = labels.first(where: { $0 < 0 || Int($0) >= classCount }) {
      throw file.fail("training_labels: expected one below \(classCount), found \(odd)")
    }
    samples = try file.elements("training_samples")
    if let odd = samples.firstIndex(where: { !$0.isFinite }) {
      throw file.fail("training_samples: sample \(odd / featureCount) has \(samples[odd])")
    }
  }
}
