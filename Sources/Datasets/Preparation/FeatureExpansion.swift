import Support

extension Preprocessing {
  /// How names become numbers.
  public enum Encoding: String, CaseIterable, Codable, Hashable, Sendable {
    /// A column of names is one feature, the position of the name among the sorted ones.
    case ordinal
    /// Each name is a feature of its own: 1 in rows that have it, 0 in the others.
    case oneHot = "one-hot"
  }

  /// The most categories of a column that is encoded one-hot, where nothing else is asked for.
  public static let standardMaximumCategories = 100

  /// Refuses a column of names that would become more features than asked for.
  ///
  /// All rows count, so that the answer is the same for every division of them.
  func checkCategoryCount(_ column: CSVColumn, of table: CSVTable) throws(DatasetError) {
    guard encoding == .oneHot, !column.isNumeric else { return }
    let names = column.words.indices.filter { !column.isMissing(word: $0) }
    let count = names.count + (column.missingCount > 0 ? 1 : 0)
    guard count > maximumCategories else { return }
    throw DatasetError(
      .badData,
      "\(table.fileName): column \"\(column.name)\": expected at most \(maximumCategories) categories to "
        + "encode one-hot, found \(count); allow more with --max-categories \(count), leave the column "
        + "out with --drop \"\(column.name)\", or give --encode ordinal")
  }
}

/// The features that columns become: one for each column, or one for each category of a column that is encoded
/// one-hot, in the place of the column.
struct FeatureExpansion {
  /// The numbers of each feature before scaling, for all rows of the table.
  private(set) var values: [[Double]] = []
  private(set) var names: [String] = []
  /// The features of each column.
  private(set) var ranges: [Range<Int>] = []
  /// The features that are codes.
  private(set) var categorical: [Int] = []

  /// Adds a column that is one feature.
  ///
  /// - Parameter isCategorical: whether its numbers are codes of names.
  mutating func append(_ name: String, _ numbers: [Double], isCategorical: Bool) {
    if isCategorical { categorical.append(names.count) }
    ranges.append(names.count..<names.count + 1)
    names.append(name)
    values.append(numbers)
  }

  /// Adds a column of codes as a feature for each category, as scikit-learn's `OneHotEncoder` does; the last is that
  /// of missing names, if there are any. A code that is no category's is 0 in all of them.
  mutating func append(_ name: String, codes: [Double], _ categories: [String], hasMissing: Bool) {
    let features = OneHotFeature.names(of: name, categories, hasMissing: hasMissing)
    ranges.append(names.count..<names.count + features.count)
    names += features
    for category in features.indices {
      values.append(codes.map { $0 == Double(category) ? 1 : 0 })
    }
  }

  /// Refuses two features of one name.
  func checkNames(of table: CSVTable) throws(DatasetError) {
    let sorted = names.sorted(by: LabelEncoder.precedes)
    for (first, second) in zip(sorted, sorted.dropFirst()) where first.hasBytes(of: second) {
      throw DatasetError(
        .badData,
        "\(table.fileName): expected different names of features, but two would be called \"\(first)\"; rename "
          + "the column or the category, or give --encode ordinal")
    }
  }
}
