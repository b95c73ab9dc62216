/// How often each class was taken for each class.
public struct ConfusionMatrix: Hashable, Sendable {
  /// `counts[i][j]`: how many samples of class `i` were predicted to be of class `j`.
  public let counts: [[Int]]

  public init(actual: [Int], predicted: [Int], classCount: Int) {
    precondition(actual.count == predicted.count, "one prediction per sample")
    var flat = [Int](repeating: 0, count: classCount * classCount)
    for (truth, guess) in zip(actual, predicted) { flat[truth * classCount + guess] += 1 }
    counts = (0..<classCount).map { Array(flat[$0 * classCount..<($0 + 1) * classCount]) }
  }

  /// - Parameter counts: as many rows as columns.
  package init(counts: [[Int]]) { self.counts = counts }

  public subscript(actual i: Int, predicted j: Int) -> Int { counts[i][j] }

  public var classCount: Int { counts.count }

  /// The classes whose samples are most often taken for others, the worst first; of equal ones the
  /// lowest first.
  public func classes(withMostMistakes limit: Int) -> [Int] {
    let mistakes = counts.enumerated().map { $1.reduce(0, +) - $1[$0] }
    return Array(
      mistakes.indices.sorted { (-mistakes[$0], $0) < (-mistakes[$1], $1) }.prefix(limit))
  }

  public var total: Int { counts.joined().reduce(0, +) }
  /// How many samples each class has.
  public var actualCounts: [Int] { counts.map { $0.reduce(0, +) } }
  /// How many samples were predicted to be of each class.
  public var predictedCounts: [Int] {
    counts.indices.map { label in counts.reduce(0) { $0 + $1[label] } }
  }
}

/// Written row by row; beyond ``fullLimit`` classes, where nearly all counts are zero, as the cells that are not.
extension ConfusionMatrix: Codable {
  /// Up to as many classes are written, listed and drawn one by one.
  public static let fullLimit = 30
  /// The most classes, and the most samples of a cell, that a document may claim.
  private static let largestClassCount = 1000
  private static let largestCount = 1 << 40

  private enum CodingKeys: String, CodingKey {
    case classCount = "classes"
    case actual, predicted, count
  }

  public init(from decoder: any Decoder) throws {
    func require(_ condition: Bool, _ problem: String) throws {
      guard condition else {
        throw DecodingError.dataCorrupted(
          DecodingError.Context(codingPath: decoder.codingPath, debugDescription: problem))
      }
    }
    if let cells = try? decoder.container(keyedBy: CodingKeys.self) {
      let classCount = try cells.decode(Int.self, forKey: .classCount)
      let actual = try cells.decode([Int].self, forKey: .actual)
      let predicted = try cells.decode([Int].self, forKey: .predicted)
      let cellCounts = try cells.decode([Int].self, forKey: .count)
      try require(
        0...Self.largestClassCount ~= classCount,
        "expected at most \(Self.largestClassCount) classes, found \(classCount)")
      try require(
        actual.count == predicted.count && actual.count == cellCounts.count
          && (actual + predicted).allSatisfy { 0..<classCount ~= $0 },
        "expected an actual class, a predicted one and a count for each cell")
      var counts = [[Int]](
        repeating: [Int](repeating: 0, count: classCount), count: classCount)
      for (cell, count) in cellCounts.enumerated() {
        counts[actual[cell]][predicted[cell]] = count
      }
      self.counts = counts
    } else {
      counts = try decoder.singleValueContainer().decode([[Int]].self)
      try require(
        counts.allSatisfy { $0.count == counts.count }, "expected as many rows as columns")
    }
    try require(
      counts.allSatisfy { $0.allSatisfy { 0...Self.largestCount ~= $0 } },
      "expected numbers of samples")
  }

  public func encode(to encoder: any Encoder) throws {
    guard classCount > Self.fullLimit else {
      var container = encoder.singleValueContainer()
      return try container.encode(counts)
    }
    let cells = counts.enumerated().flatMap { actual, row in
      row.enumerated().compactMap { predicted, count in
        count > 0 ? (actual, predicted, count) : nil
      }
    }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(classCount, forKey: .classCount)
    try container.encode(cells.map(\.0), forKey: .actual)
    try container.encode(cells.map(\.1), forKey: .predicted)
    try container.encode(cells.map(\.2), forKey: .count)
  }
}
