/// Why a text cannot be read, and on which of its lines.
package struct CSVError: Error {
  package let line: Int
  package let problem: String
  /// What to do about a file with it; `nil` where the problem says enough.
  let advice: String?

  package init(line: Int, problem: String, advice: String? = nil) {
    self.line = line
    self.problem = problem
    self.advice = advice
  }
}

extension DatasetError {
  /// The error of a file's text.
  package init(_ error: CSVError, in fileName: String) {
    let advice = error.advice.map { "; " + $0 } ?? ""
    self.init(.badData, "\(fileName):\(error.line): \(error.problem)\(advice)")
  }
}
