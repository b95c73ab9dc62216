import Classifiers
import Datasets
import ModelFiles
import SavedModels

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A fitted model on its way into a file and back.
struct SavedFiles {
  private let saved: SavedModel
  private let path = "/tmp/measure-parts-\(getpid()).safetensors"

  init(_ model: any ClassificationModel, _ classifier: any Classifier, _ data: Dataset) {
    saved = SavedModel(
      model,
      ModelDescription(
        algorithm: type(of: classifier).algorithm, hyperparameters: classifier.hyperparameters,
        featureNames: data.featureNames, classNames: data.classNames,
        training: ModelDescription.TrainingData(
          fileName: "measured.csv", sha256: "", target: "class", seed: 42, testFraction: 0.2),
        validationMetrics: [:], programVersion: ProgramVersion.current))
  }

  /// Makes the file's bytes and writes them.
  func save() throws {
    let bytes = try saved.bytes()
    guard let file = fopen(path, "wb"), fwrite(bytes, 1, bytes.count, file) == bytes.count,
      fclose(file) == 0
    else { throw RequestError(description: "\(path) could not be written") }
  }

  /// Opens the file, checks it and makes a model that can predict.
  func load() throws { _ = try SavedModel(contentsOf: path) }

  func remove() { unlink(path) }
}
