import Classifiers
import Datasets
import ModelFiles
import SavedModels
import Support

/// A run's model fitted again on all rows, training and test, with the same hyper-parameters.
///
/// Encoders and scaler are fitted on all rows, too, so that it is scikit-learn's pipeline fitted on
/// the whole table, in the order of its rows. A threshold for costs stays the one of the run's model,
/// and so do the metrics: there are no rows left to judge it on.
public struct RefittedModel: Sendable {
  /// What is fitted, and what it was fitted on.
  public let classifier: any Classifier
  public let data: PreparedData
  private let pipeline: SavedPipeline
  /// Whether the run's model was kept as an ONNX graph, as this one is then.
  private var hasGraph = false
  /// `nil` where the run is not known.
  private var card: ModelCard?

  /// - Parameters:
  ///   - run: a finished run.
  ///   - name: which of its models.
  ///   - experiment: the experiment that has the run's model.
  ///   - path: where the run's data is now, see ``FinishedRun/request(data:)``.
  public init(
    of run: FinishedRun, _ name: String, experiment: String, data path: String, threads: Int
  ) throws {
    let request = try run.request(data: path)
    let file = "\(run.path)/\(name)/\(ModelFile.name)"
    let bytes = try Files.read(file)
    let description = try ModelFile(bytes: bytes).description
    let table = try request.table(threads: threads)
    try run.check(table.sha256, at: request.data)
    if let file = request.testData, let testFile = table.testFile {
      try run.check(testFile.sha256, at: file, hasTestRows: true)
    }
    try self.init(
      of: description, SHA256.hexDigest(of: bytes), experiment: experiment, request, table,
      threads: threads)
    hasGraph = Files.exists("\(run.path)/\(name)/\(ModelFile.graphName)")
    card = ModelCard(of: name, in: run.document, request, refit: pipeline.description.refit)
  }

  /// - Parameters:
  ///   - twin: the description of the run's model.
  ///   - sha256: the SHA-256 of that model's file.
  init(
    of twin: ModelDescription, _ sha256: String, experiment: String, _ request: RunRequest,
    _ table: CSVTable, threads: Int
  ) throws {
    guard let candidate = request.candidates.first(where: { $0.algorithm == twin.algorithm })
    else {
      throw RequestError(
        .badData, "\(twin.algorithm.rawValue): the request of the run does not name the model")
    }
    var preprocessing = request.preprocessing
    preprocessing.fittedOn = .all
    let data = try preprocessing.prepare(
      table, training: Array(0..<table.rowCount), test: [], dividedBy: request.split,
      threads: threads)
    classifier = try candidate.classifier()
    self.data = data.taken(by: classifier)
    let model = try classifier.fit(self.data.training, threads: threads)
    var description = twin
    description.refit = ModelDescription.Refit(
      rowCount: table.rowCount, twinExperiment: experiment, twinSHA256: sha256)
    pipeline = try SavedPipeline(
      SavedModel(model, description), SavedPreprocessing(data, threads: threads))
  }

  func files() throws -> [(name: String, bytes: [UInt8])] { try pipeline.files() }

  /// Writes the model and what prepares its rows into a folder.
  ///
  /// - Returns: the files' names.
  public func write(to folder: String) throws -> [String] {
    try Files.createFolder(folder)
    var files = try pipeline.files() + (card.map { [(ModelCard.fileName, $0.bytes)] } ?? [])
    if hasGraph { files.append((ModelFile.graphName, try pipeline.onnxFile())) }
    for (name, bytes) in files { try Files.write(bytes, to: folder + "/" + name) }
    return files.map(\.name)
  }
}

extension FinishedRun {
  /// What the run was asked for, with its files where they are now.
  ///
  /// - Parameter path: the table's; of a run with a second one for its test rows that one's, unless it is the path of
  ///   the first, or the usual one.
  public func request(data path: String) throws -> RunRequest {
    var request = try RunFolder(resuming: self.path).requestDocument().request
    if request.testData == nil {
      request.data = path
    } else if ![request.data, RunRequest.standard.data].contains(path) {
      request.testData = path
    }
    return request
  }

  /// Refuses another file than the run was made from.
  ///
  /// - Parameters:
  ///   - sha256: the SHA-256 of what was found.
  ///   - path: where, as it was named.
  ///   - hasTestRows: whether it is to be the one with the test rows, where these have a file of their own.
  public func check(
    _ sha256: String, at path: String, hasTestRows: Bool = false
  ) throws(DatasetError) {
    let testData = hasTestRows ? document.data.division?.testData : nil
    let known = testData?.sha256 ?? document.data.sha256
    guard sha256 == known else {
      throw DatasetError(
        .badData,
        "\(path): expected the file that the run was made from, "
          + "\(testData?.file ?? document.data.file) with SHA-256 \(known), found another; "
          + "name it with --data")
    }
  }
}
