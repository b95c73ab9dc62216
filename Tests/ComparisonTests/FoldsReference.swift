import TestSupport

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `folds-reference.json`, as make_folds_reference.py wrote it with scikit-learn 1.9.1 and numpy 2.4.6.
struct FoldsReference: Decodable {
  struct Division: Decodable {
    let folds: Int
    let repeats: Int
    let firstTestRows: [Int]
    let sha256: String

    private enum CodingKeys: String, CodingKey {
      case folds, repeats, sha256
      case firstTestRows = "first_test_rows"
    }
  }

  let twoClasses: [Division]
  let eightClasses: [Division]
  /// Per model, per metric, the score of every fold.
  let scores: [String: [String: [Double]]]

  private enum CodingKeys: String, CodingKey {
    case twoClasses = "two_classes"
    case eightClasses = "eight_classes"
    case scores
  }

  static func read() throws -> FoldsReference {
    let path =
      RepositoryFiles.root + "/Tests/ComparisonTests/Golden/folds-reference.json"
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: path)))
  }
}
