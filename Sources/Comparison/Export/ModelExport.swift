import Datasets
import JSON
import ModelFiles
import ONNX
public import SavedModels
import Support

/// A form of a model that other programs run.
public enum ExportForm: String, CaseIterable, Sendable {
  case onnx
}

/// A saved model as an ONNX file, with what proves that a runtime answers as the model does.
///
///     try ModelExport(of: "runs/…/RandomForest").write(threads: 2)
///
/// Beside `model.onnx` come `model.equivalence.csv`, every row of the run's table with the model's answer, and
/// `model.equivalence.json`, which says what is compared.
public struct ModelExport {
  private let folder: String
  private let output: String
  private let pipeline: SavedPipeline
  private let request: RunRequest
  /// The table's path; `nil` where none is known.
  private let data: String?

  /// Reads a model, and finds the table that it was trained on.
  ///
  /// - Parameters:
  ///   - folder: the model's.
  ///   - output: the file to write; `model.onnx` in the folder of a run's model by default.
  ///   - data: the table of the proof; that of the model's run by default, where it is there.
  ///   - rows: how that table is written.
  public init(
    of folder: String, output: String? = nil, data: String? = nil, rows: RowForm = RowForm()
  ) throws {
    self.folder = Files.withoutSlash(folder)
    pipeline = try SavedPipeline(folder: self.folder, unknownCategory: rows.unknownCategory)
    let run = self.folder + "/../" + RequestDocument.fileName
    var request = RunRequest.standard
    if Files.exists(run) {
      request = try JSONDocument.decode(RequestDocument.self, from: run).request
      self.data = data ?? (Files.exists(request.data) ? request.data : nil)
    } else {
      guard output != nil else {
        throw RequestError(
          .badRequest,
          "\(folder): is in no run's folder; say with --output FILE where the graph goes")
      }
      self.data = data
    }
    if data != nil { (request.format, request.decimalMark) = (rows.format, rows.decimalMark) }
    self.request = request
    self.output = output ?? self.folder + "/" + ModelFile.graphName
  }

  /// Writes the files.
  ///
  /// - Parameter threads: how many threads may work; it never changes a file.
  /// - Returns: what was written, a sentence a line.
  public func write(threads: Int) throws -> [String] {
    let graph = try pipeline.onnxFile()
    let written = "\(output) has \(pipeline.description.algorithm) as ONNX, \(graph.count) bytes"
    let base = output.hasSuffix(".onnx") ? String(output.dropLast(".onnx".count)) : output
    guard let data else {
      try Files.write(graph, to: output)
      return [
        written,
        "There is no \(base).equivalence.json: the table of the training is not known; name it with "
          + "--data FILE",
      ]
    }
    let table = try pipeline.table(contentsOf: data, request, threads: threads)
    let answers = try EquivalenceTable(table, pipeline, threads: threads)
    guard answers.rowCount > 0 else {
      throw DatasetError(
        .badData, "\(table.fileName): expected rows that the model predicts, found none")
    }
    let equivalence = Equivalence(
      algorithm: pipeline.description.algorithm,
      model: .init(ModelFile.name, of: try Files.read(folder + "/" + ModelFile.name)),
      graph: .init(Files.name(of: output), of: graph), data: .init(table.fileName, table.sha256),
      answers: .init(Files.name(of: base) + ".equivalence.csv", of: answers.bytes),
      rows: answers.rowCount, refusedRows: answers.refusedCount,
      program: "compare-models \(ProgramVersion.current)")
    try Files.write(graph, to: output)
    try Files.write(answers.bytes, to: base + ".equivalence.csv")
    try Files.write(try JSONDocument.encode(equivalence), to: base + ".equivalence.json")
    return [
      written,
      "\(base).equivalence.csv has the model's answers for \(answers.rowCount) rows of "
        + "\(table.fileName); deploy/onnx/verify.py compares them with onnxruntime's",
    ]
  }
}
