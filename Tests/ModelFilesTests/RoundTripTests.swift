import Classifiers
import Datasets
import LinearAlgebra
import ModelFiles
import SavedModels
import TestSupport
import Testing

@Suite struct `A saved model` {
  @Test(arguments: Algorithm.allCases)
  func `a saved model gives the same bytes for every probability`(algorithm: Algorithm) throws {
    for seed in 0..<60 as Range<UInt64> {
      let made = try SavedModelMaker(algorithm, seed: seed)
      let restored = try SavedModel(ModelFile(bytes: made.saved.bytes()))
      // Rows of training, and rows that lie beyond them on every side.
      let width = made.dataset.featureCount
      let missing = type(of: algorithm.classifier(seed: 0)).acceptsMissing ? [Double.nan] : []
      let odd = [-1e30, 1e30, 0.3] + missing
      let beyond = Matrix(
        rowCount: odd.count, columnCount: width,
        elements: odd.flatMap { [Double](repeating: $0, count: width) })
      for rows in [made.dataset.features, beyond] {
        #expect(
          made.fitted.probabilities(for: rows, threads: 1).bits
            == restored.model.probabilities(for: rows, threads: 2).bits, "seed \(seed)")
        for row in 0..<rows.rowCount {
          #expect(
            restored.model.probabilities(of: Array(rows.row(row))).map(\.bitPattern)
              == made.fitted.probabilities(for: rows.rows([row]), threads: 1).bits, "seed \(seed)")
        }
      }
      #expect(restored.model.classCount == made.dataset.classCount)
      #expect(restored.model.featureCount == made.dataset.featureCount)
    }
  }

  @Test(arguments: [Algorithm.decisionTree, .randomForest])
  func `a file says where missing values go only if there were some`(algorithm: Algorithm) throws {
    for seed in 0..<4 as Range<UInt64> {
      let header = try String(
        decoding: SavedModelMaker(algorithm, seed: seed).saved.bytes().prefix(4096), as: UTF8.self)
      #expect(header.contains("missing_go_to_left") == (seed % 2 == 1))
    }
  }

  @Test(arguments: Algorithm.allCases)
  func `a restored model is written to the same bytes`(algorithm: Algorithm) throws {
    for seed in 100..<120 as Range<UInt64> {
      let bytes = try SavedModelMaker(algorithm, seed: seed).saved.bytes()
      #expect(try SavedModel(ModelFile(bytes: bytes)).bytes() == bytes, "seed \(seed)")
    }
  }

  @Test(arguments: Algorithm.allCases)
  func `a saved model keeps its description`(algorithm: Algorithm) throws {
    let made = try SavedModelMaker(algorithm, seed: 7)
    let restored = try ModelFile(bytes: made.saved.bytes()).description
    let description = made.saved.description
    #expect(restored.algorithm == algorithm)
    #expect(restored.hyperparameters.map(\.name) == description.hyperparameters.map(\.name))
    #expect(restored.hyperparameters.map(\.value) == description.hyperparameters.map(\.value))
    #expect(restored.featureNames == made.dataset.featureNames)
    #expect(restored.classNames == made.dataset.classNames)
    #expect(restored.training == description.training)
    #expect(restored.validationMetrics == description.validationMetrics)
    #expect(restored.programVersion == description.programVersion)
    let hyperparameters = try restored.hyperparameterSet()
    #expect(
      hyperparameters.hyperparameters.map(\.value) == description.hyperparameters.map(\.value))
  }

  @Test func `a saved model keeps its threshold, and has none that it was not given`() throws {
    let made = (1...50).lazy.compactMap { try? SavedModelMaker(.gaussianNaiveBayes, seed: $0) }
      .first { $0.dataset.classCount == 2 }
    let saved = try #require(made?.saved)
    #expect(try ModelFile(bytes: saved.bytes()).description.threshold == nil)
    let costs = ["\(saved.description.classNames[1])>\(saved.description.classNames[0])=5"]
    var description = saved.description
    description.threshold = DecisionThreshold(0.1 + 0.2, costs: costs)
    let restored = try ModelFile(bytes: SavedModel(saved.model, description).bytes())
    #expect(restored.description.threshold == description.threshold)
  }

  @Test func `what a model's run was asked for stays as it is, and must be an object`() throws {
    let saved = try SavedModelMaker(.gaussianNaiveBayes, seed: 5).saved
    func restored(_ request: String?) throws -> String? {
      var description = saved.description
      description.request = request
      return try ModelFile(bytes: SavedModel(saved.model, description).bytes()).description.request
    }
    #expect(try restored(nil) == nil)
    #expect(try restored("{\"seed\":1, \"a\":[]}") == "{\"seed\":1, \"a\":[]}")
    for text in ["", "[]", "{", "{\"a\":1,\"a\":2}"] {
      #expect(throws: ModelFileError.self) { try restored(text) }
    }
  }

  @Test(arguments: Algorithm.allCases)
  func `the first difference between two models is told by its tensor`(algorithm: Algorithm) throws
  {
    let saved = try SavedModelMaker(algorithm, seed: 4).saved
    let bytes = try saved.bytes()
    #expect(ModelFile.differences(bytes, bytes) == [])
    var other = bytes
    other[other.count - 1] ^= 1
    let found = ModelFile.differences(bytes, other)
    #expect(found.count == 1)
    #expect(found[0].hasPrefix("tensor \"") && found[0].contains(": 1 of "))
    #expect(ModelFile.differences(Array(bytes.dropLast()), bytes)[0].contains("header, "))
    var description = saved.description
    description.request = "{}"
    let renamed = try SavedModel(saved.model, description).bytes()
    #expect(
      ModelFile.differences(bytes, renamed) == [
        "__metadata__ \"request\": nothing, made again \"{}\""
      ])
    let larger = try SavedModelMaker(algorithm, seed: 6).saved.bytes()
    #expect(ModelFile.differences(bytes, larger).count == 2)
  }

  @Test(arguments: Algorithm.allCases)
  func `a saved model has its numbers at multiples of eight bytes`(algorithm: Algorithm) throws {
    let bytes = try SavedModelMaker(algorithm, seed: 3).saved.bytes()
    #expect(bytes[0] % 8 == 0)
    #expect(bytes[8] == UInt8(ascii: "{"))
  }
}
