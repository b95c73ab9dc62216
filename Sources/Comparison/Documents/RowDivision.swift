import Datasets
import Support

/// How rows were divided where that was not row by row, as `comparison.json` tells it.
public struct RowDivision: Codable, Hashable, Sendable {
  /// `nil` where rows stand alone.
  public let group: Groups?
  /// `nil` where rows have no order.
  public let time: Times?
  /// `nil` where the test rows are a part of the table.
  public let testData: TestData?

  /// The groups of both parts; with one table none is in both.
  public struct Groups: Codable, Hashable, Sendable {
    public let column: String
    public let training: Int
    public let test: Int
  }

  /// The times at the border, as the table writes them.
  public struct Times: Codable, Hashable, Sendable {
    public let column: String
    public let trainingUntil: String
    public let testFrom: String

    private enum CodingKeys: String, CodingKey {
      case column
      case trainingUntil = "training_until"
      case testFrom = "test_from"
    }
  }

  /// The second table.
  public struct TestData: Codable, Hashable, Sendable {
    /// The file's name without its folder.
    public let file: String
    public let sha256: String
    public let rows: Int
  }

  private enum CodingKeys: String, CodingKey {
    case group, time
    case testData = "test_data"
  }
}

extension RowDivision {
  /// `nil` where rows were divided one by one.
  init?(_ data: PreparedData, of table: CSVTable) {
    let split = data.source.split
    let (training, test) = (data.training.rows, data.test.rows)
    group = split.group.flatMap { column in
      data.groups.map {
        Groups(column: column, training: $0.count(in: training), test: $0.count(in: test))
      }
    }
    time = split.time.map { column in
      func word(_ row: Int?) -> String {
        guard let row, case .words(let words, let rows)? = table.content(of: column) else {
          return ""
        }
        return words[Int(rows[row])]
      }
      return Times(column: column, trainingUntil: word(training.last), testFrom: word(test.first))
    }
    testData = data.source.testFile.map {
      TestData(file: $0.name, sha256: $0.sha256, rows: test.count)
    }
    if group == nil, time == nil, testData == nil { return nil }
  }

  /// How the rows were divided, in sentences without their last point.
  public var sentences: [String] {
    var sentences: [String] = []
    if let testData { sentences.append("The test rows are those of \(testData.file)") }
    if let group {
      sentences.append(
        "Groups by \(group.column) stay whole: \(group.training) to learn from, \(group.test) to test on"
      )
    }
    if let time {
      sentences.append(
        "Divided by \(time.column): learned from rows up to \(time.trainingUntil), tested on rows from "
          + "\(time.testFrom) on")
    }
    return sentences
  }
}

extension RowDivision? {
  /// The division in a few words, to set runs side by side.
  package var words: String {
    guard let self else { return "row by row" }
    let parts = [
      self.testData.map { "tested on \($0.file), SHA-256 \($0.sha256.prefix(12))" },
      self.group.map { "groups by \($0.column)" }, self.time.map { "by the time in \($0.column)" },
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
  }
}
