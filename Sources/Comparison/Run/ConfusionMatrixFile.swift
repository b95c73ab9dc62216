import Evaluation

/// A confusion matrix as Comet's dashboard reads it, with samples of every cell.
///
/// Of many classes it has those with the most mistakes: Comet's own SDK keeps 25, too.
struct ConfusionMatrixFile: Encodable {
  let version = 1
  let title: String
  let labels: [String]
  let matrix: [[Int]]
  let rowLabel = "Actual Category"
  let columnLabel = "Predicted Category"
  let maxSamplesPerCell = 25
  /// The first rows of each cell, by their zero-based positions in the file; `nil` for an empty cell.
  let sampleMatrix: [[[Int]?]]
  let type = "integer"

  private static let mostClasses = 25

  /// - Parameter rows: the places of the samples among all rows of their file.
  init(
    _ matrix: ConfusionMatrix, title: String, classNames: [String], actual: [Int],
    predicted: [Int], rows: [Int]
  ) {
    let isWhole = matrix.classCount <= ConfusionMatrix.fullLimit
    let classes =
      isWhole
      ? Array(0..<matrix.classCount) : matrix.classes(withMostMistakes: Self.mostClasses).sorted()
    self.title =
      title
      + (isWhole
        ? "" : ", the \(classes.count) of \(matrix.classCount) classes with the most mistakes")
    labels = classes.map { classNames[$0] }
    let counts = classes.map { actual in
      classes.map { matrix[actual: actual, predicted: $0] }
    }
    self.matrix = counts
    var samples: [[[Int]?]] = counts.map { $0.map { $0 == 0 ? nil : [] } }
    let places = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    for (index, labels) in zip(actual, predicted).enumerated() {
      guard let actual = places[labels.0], let predicted = places[labels.1] else { continue }
      if (samples[actual][predicted]?.count ?? 0) < maxSamplesPerCell {
        samples[actual][predicted]?.append(rows[index])
      }
    }
    sampleMatrix = samples
  }

  init(_ scored: ScoredPredictions, title: String) {
    self.init(
      scored.report.confusionMatrix, title: title, classNames: scored.classNames,
      actual: scored.actual, predicted: scored.predicted, rows: scored.predictions.rows)
  }

  private enum CodingKeys: String, CodingKey {
    case version, title, labels, matrix, rowLabel, columnLabel, maxSamplesPerCell, sampleMatrix,
      type
  }
}
