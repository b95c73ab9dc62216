import Classifiers
import Datasets
import ModelFiles
import ONNX
import SavedModels
import TestSupport
import Testing

@Suite struct `The ONNX graph of a saved model` {
  @Test(arguments: Algorithm.allCases)
  func `has an input for each column, a label and probabilities`(_ algorithm: Algorithm) throws {
    let pipeline = try pipeline(algorithm)
    let bytes = try pipeline.onnxFile()
    let graph = try #require(WrittenGraph(bytes))
    // Of doubles 11, of texts 8.
    #expect(graph.inputs == ["n": 11, "w": 8, "m": 11])
    #expect(graph.outputs == ["label": 8, "probabilities": 11])
    #expect(graph.isOrdered)
    #expect(graph.operations.contains("ArgMax"))
    #expect(graph.model.texts(2) == ["compare-models"])
    let metadata = graph.model.messages(14).map { $0.texts(1)[0] }
    #expect(metadata.contains("algorithm") && metadata.contains("data_sha256"))
    #expect(try pipeline.onnxFile() == bytes)
  }

  @Test func `predicts by the model's threshold where it has one`() throws {
    let pipeline = try pipeline(
      .gaussianNaiveBayes, threshold: DecisionThreshold(0.3, costs: ["a>b=2"]))
    let graph = try #require(WrittenGraph(pipeline.onnxFile()))
    #expect(graph.operations.contains("GreaterOrEqual"))
    #expect(!graph.operations.contains("ArgMax"))
  }

  @Test func `has a code for a missing name, and the code of what is unknown`() throws {
    var pipeline = try pipeline(.gaussianNaiveBayes)
    // The names x, y and z have 0 to 2, a missing one has 3; a table of four rows has no row 4.
    let found = try codes(pipeline)
    #expect(found.names == ["x", "y", "z", "", "none"])
    #expect(found.codes == [0, 1, 2, 3, 3])
    #expect(found.unknown == 4)
    pipeline.unknownCategory = .missing
    #expect(try codes(pipeline).unknown == 3)
    pipeline = try self.pipeline(.gaussianNaiveBayes, .oneHot)
    pipeline.unknownCategory = .ignore
    #expect(try codes(pipeline).unknown == 4)
  }

  @Test(arguments: ["label", "probabilities"])
  func `refuses a column with the name of an output`(_ name: String) throws {
    let pipeline = try pipeline(.gaussianNaiveBayes, numberColumn: name)
    let error = #expect(throws: ONNXError.self) { try pipeline.onnxFile() }
    #expect(error?.description.contains("a column cannot be called \"\(name)\"") == true)
  }

  /// The names that the graph knows, their codes, and that of an unknown name.
  private func codes(
    _ pipeline: SavedPipeline
  ) throws -> (names: [String], codes: [UInt8], unknown: UInt64) {
    let graph = try #require(WrittenGraph(pipeline.onnxFile())).graph
    let node = try #require(graph.messages(1).first { $0.texts(4) == ["LabelEncoder"] })
    func attribute(_ name: String) throws -> WrittenMessage {
      try #require(node.messages(5).first { $0.texts(1) == [name] })
    }
    return (
      try attribute("keys_strings").texts(9), try attribute("values_int64s").runs(8)[0],
      try #require(attribute("default_int64").number(3))
    )
  }

  private func pipeline(
    _ algorithm: Algorithm, _ encoding: Preprocessing.Encoding = .ordinal,
    threshold: DecisionThreshold? = nil, numberColumn: String = "n"
  ) throws -> SavedPipeline {
    let text =
      "\(numberColumn),w,m,class\n"
      + (0..<60).map {
        "\($0 % 7),\(["x", "y", "", "z"][$0 % 4]),\($0 % 5),\($0 % 3 == 0 ? "a" : "b")\n"
      }.joined()
    let folder = TemporaryFolder()
    let preprocessing = Preprocessing(
      target: TargetRule(column: "class", classes: []), encoding: encoding,
      missingWords: ["none"])
    let table = try CSVTable(contentsOf: folder.write(text, to: "t.csv"), preprocessing.reading)
    let data = try preprocessing.prepare(table, split: TrainTestSplit())
    let classifier = algorithm.classifier(seed: 42)
    let description = ModelDescription(
      algorithm: algorithm, hyperparameters: classifier.hyperparameters,
      featureNames: data.training.featureNames, classNames: data.training.classNames,
      training: ModelDescription.TrainingData(
        fileName: "t.csv", sha256: data.source.sha256, target: "class", seed: 42,
        testFraction: 0.2), validationMetrics: [:], threshold: threshold, programVersion: "1")
    let model = try classifier.fit(data.training, threads: 1)
    return try SavedPipeline(SavedModel(model, description), SavedPreprocessing(data))
  }
}
