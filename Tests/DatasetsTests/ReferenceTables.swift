import Foundation
import TestSupport
import Testing

@testable import Datasets

/// Tables in many forms, with pandas' names and cells.
struct ReferenceTables: Decodable {
  struct Table: Decodable {
    let bytes: Data
    let format: CSVFormat
    let names: [String]
    let columns: [[String]]
  }
  let tables: [Table]

  static func all() throws -> [Table] {
    let text = try RepositoryFiles.texts(in: "Tests/DatasetsTests/Golden", ending: ".json")
    return try JSONDecoder().decode(
      Self.self, from: Data(try #require(text["tables-reference"]).utf8)
    ).tables
  }
}
