import Classifiers
import Datasets
import Foundation
import LinearAlgebra
import ModelFiles
import Testing

/// Neighbours as scikit-learn 1.9.1 chooses them among samples at equal distance;
/// make_neighbors_reference.py made neighbors-reference.json.
@Suite struct `Neighbours in small tables full of ties, as by scikit-learn 1.9.1` {
  private static let cases = try! NeighborsReference.load().cases

  @Test(arguments: cases.indices)
  func `scikit-learn's samples are the nearest`(number: Int) throws {
    let entry = Self.cases[number]
    // A class for each sample: those with a share are the neighbours.
    let dataset = Dataset(
      features: entry.matrix(entry.values), labels: Array(entry.values.indices),
      featureNames: entry.scales.indices.map { "feature \($0)" },
      classNames: entry.values.indices.map { "sample \($0)" })
    var classifier = KNearestNeighbors()
    for (name, value) in entry.parameters {
      try classifier.set(name, to: HyperparameterValue(parsing: value.text))
    }
    // Whether a neighbour at distance zero has all the weight is not the question.
    classifier.weighting = .uniform
    let queries = entry.matrix(entry.queries)
    let model = try classifier.fit(dataset, threads: 1)
    let shares = model.probabilities(for: queries, threads: 2)
    for (query, expected) in entry.neighbors.enumerated() {
      let found = entry.values.indices.filter { shares[query, $0] > 0 }
      #expect(found == expected, "query \(query), \(entry.parameters.mapValues(\.text))")
      // A row alone has the answer that it has among others.
      let alone = Matrix(
        rowCount: 1, columnCount: queries.columnCount, elements: Array(queries.row(query)))
      #expect(model.probabilities(for: alone).elements == Array(shares.row(query)))
    }
  }
}

private struct NeighborsReference: Decodable {
  struct Case: Decodable {
    enum Value: Decodable {
      case number(Int)
      case word(String)

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self =
          if let number = try? container.decode(Int.self) {
            .number(number)
          } else {
            .word(try container.decode(String.self))
          }
      }

      var text: String {
        switch self {
        case .number(let number): String(number)
        case .word(let word): word
        }
      }
    }

    let parameters: [String: Value]
    /// What a whole number is multiplied with in each column.
    let scales: [Double]
    let values: [[Double]]
    let queries: [[Double]]
    /// The rows of each query's neighbours, ascending.
    let neighbors: [[Int]]

    func matrix(_ rows: [[Double]]) -> Matrix {
      Matrix(
        rowCount: rows.count, columnCount: scales.count,
        elements: rows.flatMap { zip($0, scales).map { $0 * $1 } })
    }
  }

  let cases: [Case]

  static func load() throws -> NeighborsReference {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
      .appending(path: "neighbors-reference.json")
    return try JSONDecoder().decode(NeighborsReference.self, from: Data(contentsOf: file))
  }
}
