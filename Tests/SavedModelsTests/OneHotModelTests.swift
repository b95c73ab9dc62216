import Classifiers
import Datasets
import LinearAlgebra
import ModelFiles
import SavedModels
import TestSupport
import Testing

@Suite struct `A saved model of one-hot names` {
  @Test func `a saved model predicts the rows that it learnt from`() throws {
    let (data, pipeline) = try saved()
    #expect(pipeline.columns.map(\.name) == ["n", "w", "m"])
    #expect(
      pipeline.description.featureNames == ["n", "w=x", "w=y", "w=z", "w=(missing)", "m"])
    let expected = pipeline.saved.model.probabilities(for: data.training.features)
    let lines = try predicted(Self.text, pipeline).split(separator: "\n")
    for (index, row) in data.training.rows.enumerated() {
      #expect(lines[row + 1].hasSuffix(",\(expected[index, 0]),\(expected[index, 1])"))
      let single = pipeline.prediction(for: (0..<3).map { data.columns[$0][row] })
      #expect(single.probabilities == Array(expected.row(index)))
    }
  }

  @Test func `an unknown category is refused, missing, or 0 in all features of its column`() throws
  {
    var (data, pipeline) = try saved()
    func shares(_ name: String) throws -> [Substring] {
      try predicted("n,w,m\n1,\(name),2\n", pipeline).dropLast().split(separator: ",").suffix(2)
    }
    let error = #expect(throws: DatasetError.self) { try shares("other") }
    #expect(error?.description.contains("expected one of x, y, z, found \"other\"") == true)
    let missing = try shares("")
    pipeline.unknownCategory = .missing
    #expect(try shares("other") == missing)
    pipeline.unknownCategory = .ignore
    let scaled = zip([1, 0, 0, 0, 0, 2], zip(data.scaler.means, data.scaler.deviations)).map {
      ($0 - $1.0) / $1.1
    }
    let expected = pipeline.saved.model.probabilities(
      for: Matrix(rowCount: 1, columnCount: 6, elements: scaled))
    #expect(try shares("other") == expected.elements.map { "\($0)" })
    #expect(try shares("") == missing && shares("other") != missing)
    #expect(throws: DatasetError.self) { try predicted("n,w,m\nmany,x,2\n", pipeline) }
  }

  @Test func `unknown categories are ignored only where names are one-hot`() throws {
    let folder = TemporaryFolder()
    _ = try saved(.ordinal, in: folder)
    let error = #expect(throws: ModelFileError.self) {
      try SavedPipeline(folder: folder.path, unknownCategory: .ignore)
    }
    #expect(error?.description.contains("column \"w\" is not; choose error or missing") == true)
    _ = try saved(in: folder)
    #expect(throws: Never.self) {
      try SavedPipeline(folder: folder.path, unknownCategory: .ignore)
    }
  }

  private static let text =
    "n,w,m,class\n"
    + (0..<60).map {
      "\($0 % 7),\(["x", "y", "", "z"][$0 % 4]),\($0 % 5),\($0 % 3 == 0 ? "a" : "b")\n"
    }
    .joined()

  /// A model of naive Bayes, saved and restored.
  private func saved(
    _ encoding: Preprocessing.Encoding = .oneHot, in folder: TemporaryFolder = TemporaryFolder()
  ) throws -> (PreparedData, SavedPipeline) {
    let preprocessing = Preprocessing(
      target: TargetRule(column: "class", classes: []), encoding: encoding)
    let table = try CSVTable(
      contentsOf: folder.write(Self.text, to: "t.csv"), preprocessing.reading)
    let data = try preprocessing.prepare(table, split: TrainTestSplit())
    let classifier = GaussianNaiveBayes()
    let description = ModelDescription(
      algorithm: .gaussianNaiveBayes, hyperparameters: classifier.hyperparameters,
      featureNames: data.training.featureNames, classNames: data.training.classNames,
      training: ModelDescription.TrainingData(
        fileName: "t.csv", sha256: data.source.sha256, target: "class", seed: 42,
        testFraction: 0.2),
      validationMetrics: [:], programVersion: ProgramVersion.current)
    let pipeline = try SavedPipeline(
      SavedModel(classifier.fit(data.training), description), SavedPreprocessing(data))
    for (name, bytes) in try pipeline.files() { folder.write(bytes, to: name) }
    return (data, try SavedPipeline(folder: folder.path))
  }

  private func predicted(_ text: String, _ pipeline: SavedPipeline) throws -> String {
    let folder = TemporaryFolder()
    var bytes: [UInt8] = []
    try BatchPrediction(of: folder.write(text, to: "t.csv"), with: pipeline).run(threads: 1) {
      bytes += $0
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
