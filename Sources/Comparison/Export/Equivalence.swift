import ModelFiles
import Support

/// What `equivalence.json` says: which model was exported, and on which rows its graph is to be compared with it.
///
/// No runtime of ONNX is part of this program, so `deploy/onnx/verify.py` adds what it found.
struct Equivalence: Codable, Hashable {
  struct FileSum: Codable, Hashable {
    let file: String
    /// In hexadecimal digits.
    let sha256: String

    init(_ file: String, _ sha256: String) {
      self.file = file
      self.sha256 = sha256
    }

    init(_ file: String, of bytes: [UInt8]) { self.init(file, SHA256.hexDigest(of: bytes)) }
  }

  let algorithm: Algorithm
  /// The model's file.
  let model: FileSum
  /// The graph's.
  let graph: FileSum
  /// The table whose rows are compared.
  let data: FileSum
  /// The rows as the graph takes them, with the model's answers.
  let answers: FileSum
  /// How many rows there are.
  let rows: Int
  /// How many rows of the table the model refuses; the graph is not asked for them.
  let refusedRows: Int
  /// What gave the answers.
  let program: String

  private enum CodingKeys: String, CodingKey {
    case algorithm, model, graph, data, answers, rows, program
    case refusedRows = "refused_rows"
  }
}
