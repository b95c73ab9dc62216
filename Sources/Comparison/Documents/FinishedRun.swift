public import Classifiers
import Datasets
import JSON
import Support

/// A run as its folder tells it, or as it is about to: what a report is made from.
public struct FinishedRun: Sendable {
  /// The folder, without a slash at its end.
  public let path: String
  public let document: ComparisonDocument
  /// What each model said about the test rows, in the order of the document's models; `nil` where its
  /// folder is gone.
  public let predictions: [TestPredictions?]
  /// How each model does by the number of rows it learns from, in the same order; `nil` where that was
  /// not asked for.
  public let learningCurves: [[LearningCurvePoint]?]
  /// The loss of each model by rounds, in the same order; `nil` of those that do not learn in rounds.
  public let lossCurves: [LossCurve?]

  /// The folder's last part, by which people know it.
  public var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// A run that has just been made, from memory.
  ///
  /// The document goes through JSON, as one from a folder has, so that both say the same word for word.
  ///
  /// - Parameter predictions: those of the document's models.
  public init(
    path: String, document: ComparisonDocument, predictions: [TestPredictions]
  ) throws {
    self.path = path
    var written = try JSONDocument.decode(ComparisonDocument.self, from: document.json())
    written.reportData = document.reportData
    self.document = written
    self.predictions = predictions
    learningCurves = try Self.learningCurves(of: document, at: path)
    lossCurves = try Self.lossCurves(of: document, at: path)
  }

  /// Reads a run's folder.
  public init(contentsOf path: String) throws {
    let path = Files.withoutSlash(path)
    self.path = path
    guard Files.isFolder(path) else {
      throw DatasetError(.missingFile, "\(path): expected a run folder, found none")
    }
    guard Files.exists(path + "/" + ComparisonDocument.fileName) else {
      throw DatasetError(
        .missingFile,
        "\(path): expected the folder of a finished run, found no comparison.json in it")
    }
    var document = try JSONDocument.decode(
      ComparisonDocument.self, from: path + "/" + ComparisonDocument.fileName)
    let data = path + "/" + ReportData.fileName
    if Files.exists(data) {
      document.reportData = try JSONDocument.decode(ReportData.self, from: data)
    }
    self.document = document
    let classNames = document.data.classes
    predictions = try document.models.map { model in
      let file = "\(path)/\(model.name)/predictions.csv"
      guard Files.exists(file) else { return nil }
      return try TestPredictions(contentsOf: file, classNames: classNames)
    }
    learningCurves = try Self.learningCurves(of: document, at: path)
    lossCurves = try Self.lossCurves(of: document, at: path)
    try check()
  }

  /// Those that the models' folders have.
  private static func learningCurves(
    of document: ComparisonDocument, at path: String
  ) throws -> [[LearningCurvePoint]?] {
    try files("learning-curve.json", LearningCurveDocument.self, of: document, at: path)
      .map { $0?.points }
  }

  private static func lossCurves(
    of document: ComparisonDocument, at path: String
  ) throws -> [LossCurve?] {
    try files(RunFiles.lossCurveName, LossCurve.self, of: document, at: path)
  }

  /// A file of each model's folder, where it is there.
  private static func files<Content: Decodable>(
    _ name: String, _: Content.Type, of document: ComparisonDocument, at path: String
  ) throws -> [Content?] {
    try document.models.map { model in
      let file = "\(path)/\(model.name)/\(name)"
      return Files.exists(file) ? try JSONDocument.decode(Content.self, from: file) : nil
    }
  }

  /// Refuses numbers that do not fit each other, before anything is drawn from them.
  private func check() throws(DatasetError) {
    let classCount = document.data.classes.count
    func require(_ condition: Bool, _ what: String) throws(DatasetError) {
      guard condition else {
        throw DatasetError(.badData, "\(path): \(what); the files are not of one run")
      }
    }
    try require(
      classCount > 0 && !document.models.isEmpty, "comparison.json names no class or model")
    for model in document.models {
      let matrix = model.validate.confusionMatrix.counts
      try require(
        matrix.count == classCount && matrix.allSatisfy { $0.count == classCount },
        "comparison.json: \(model.name): the confusion matrix is not one of \(classCount) classes")
    }
    for (model, predictions) in zip(document.models, predictions) {
      let rows = model.validate.confusionMatrix.total
      try require(
        predictions.map { $0.actual.count == rows } ?? true,
        "\(model.name)/predictions.csv does not have the \(rows) rows of comparison.json")
    }
    guard let reportData = document.reportData else { return }
    let summary = reportData.data
    let featureCount = document.data.features.count
    let columnCount = document.data.columns?.count ?? featureCount
    try require(
      summary.trainingCounts.count == classCount && summary.testCounts.count == classCount
        && summary.features.count == columnCount
        && summary.features.allSatisfy { feature in
          let binCount = feature.categories?.count ?? (feature.edges?.count ?? 1) - 1
          return binCount > 0 && feature.counts.count == classCount
            && feature.counts.allSatisfy { $0.count == binCount && $0.allSatisfy { $0 >= 0 } }
            && zip(feature.edges ?? [], (feature.edges ?? []).dropFirst()).allSatisfy(<)
        },
      "\(ReportData.fileName) is not about the classes and features of comparison.json")
    for model in reportData.importances.models {
      try require(
        [
          model.impurity, model.permutationMeans, model.permutationDeviations,
          model.permutationErrors,
        ].allSatisfy { $0.map { $0.count == featureCount } ?? true },
        "\(ReportData.fileName): \(model.name) does not have \(featureCount) importances")
      try require(
        (model.coefficients ?? []).allSatisfy {
          0..<classCount ~= $0.label && 0..<featureCount ~= $0.feature ?? 0
        },
        "\(ReportData.fileName): \(model.name) has coefficients of other classes or features")
    }
  }
}
