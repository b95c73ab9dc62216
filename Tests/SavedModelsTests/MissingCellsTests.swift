import Classifiers
import Datasets
import LinearAlgebra
import ModelFiles
import SavedModels
import TestSupport
import Testing

@Suite struct `A saved model of data with missing cells` {
  private let text = """
    n,w,code,whole,class
    1,x,1,0,a
    ,y,2,1,b
    3,,NA,2,a
    unknown,x,1,3,b
    8,unknown,2,4,a

    """

  @Test func `a saved model predicts the rows that it learnt from, missing cells and all`() throws {
    let (data, pipeline) = try saved()
    #expect(pipeline.columns.map(\.substitute) == [3, 2, 2, nil])
    #expect(pipeline.preprocessing.missingWords == ["unknown"])
    let expected = pipeline.saved.model.probabilities(for: data.training.features)
    let lines = try predicted(text, pipeline).split(separator: "\n")
    for (index, row) in data.training.rows.enumerated() {
      #expect(lines[row + 1].hasSuffix(",\(expected[index, 0]),\(expected[index, 1])"))
    }
  }

  @Test(arguments: [
    ("NA,,?,1", nil), ("unknown,unknown,unknown,1", nil), (" ,\"\",\" \",1", nil),
    ("1,x,1,", "column \"whole\": expected a value, found nothing; training had no missing value"),
    ("1,x,1,NA", "column \"whole\": expected a value, found \"NA\"; training had no missing value"),
    ("1,x,1,unknown", "column \"whole\": expected a value, found \"unknown\""),
    ("1,NA,1,1", "column \"w\": expected one of x, y, found \"NA\""),
    ("1,z,1,1", "column \"w\": expected one of x, y, found \"z\""),
    ("many,x,1,1", "column \"n\": expected a number, found \"many\""),
  ])
  func `missing cells are accepted where training had them`(row: String, problem: String?) throws {
    let (_, pipeline) = try saved()
    let table = "n,w,code,whole\n" + row + "\n"
    if let problem {
      let error = #expect(throws: DatasetError.self) { try predicted(table, pipeline) }
      #expect(
        error?.description.hasPrefix("t.csv:2: " + problem) == true, "\(error?.description ?? "")")
    } else {
      #expect(try predicted(table, pipeline).contains(row))
    }
  }

  @Test func `an unknown category is a missing one on request, where training had missing ones`()
    throws
  {
    var (_, pipeline) = try saved()
    func probabilities(_ row: String) throws -> [Substring] {
      try predicted("n,w,code,whole\n\(row)\n", pipeline).split(separator: ",").suffix(2)
    }
    let missing = try probabilities("1,,1,1")
    pipeline.unknownCategory = .missing
    #expect(try probabilities("1,z,1,1") == missing)
    #expect(throws: DatasetError.self) { try probabilities("z,x,1,1") }
    (_, pipeline) = try saved("n,w,code,whole,class\n1,x,1,0,a\n2,y,2,1,b\n3,y,2,2,b\n")
    pipeline.unknownCategory = .missing
    #expect(throws: DatasetError.self) { try probabilities("1,z,1,1") }
  }

  @Test func `a model that learnt from missing numbers gets them again`() throws {
    let (_, pipeline) = try saved()
    let values = Matrix(rowCount: 1, columnCount: 4, elements: [.nan, 2, 0, 1])
    let imputed = pipeline.preprocessing.scaled(values)
    let kept = pipeline.preprocessing.scaled(values, keepsMissing: true)
    let scaling = try #require(pipeline.columns[0].scalings.first)
    #expect(imputed[0, 0] == (3 - scaling.mean) / scaling.deviation)
    #expect(kept[0, 0].isNaN && kept.elements.dropFirst() == imputed.elements.dropFirst())
    let (_, native) = try saved(keepsMissing: true)
    #expect(native.description.training.keepsMissing && !pipeline.description.training.keepsMissing)
  }

  /// A model of naive Bayes, saved and restored.
  private func saved(
    _ rows: String? = nil, keepsMissing: Bool = false
  ) throws -> (PreparedData, SavedPipeline) {
    let preprocessing = Preprocessing(
      target: TargetRule(column: "class", classes: []), categorical: ["code"],
      missingWords: ["unknown"])
    let folder = TemporaryFolder()
    let table = try CSVTable(
      contentsOf: folder.write(rows ?? text, to: "t.csv"), preprocessing.reading)
    let data = try preprocessing.prepare(table, split: TrainTestSplit(testFraction: 0.2, seed: 1))
    let classifier = GaussianNaiveBayes()
    let description = ModelDescription(
      algorithm: .gaussianNaiveBayes, hyperparameters: classifier.hyperparameters,
      featureNames: data.training.featureNames, classNames: data.training.classNames,
      training: ModelDescription.TrainingData(
        fileName: "t.csv", sha256: data.source.sha256, target: "class", seed: 1, testFraction: 0.2,
        keepsMissing: keepsMissing),
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
