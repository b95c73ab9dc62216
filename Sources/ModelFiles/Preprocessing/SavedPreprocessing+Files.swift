import JSON

/// Encoders and scaler as files: `scaler.json`, `labelEncoder.json`, and one
/// `<column>FeatureLabelEncoder.json` per column of categories. `docs/model-format.md` describes them.
extension SavedPreprocessing {
  static let scalerFileName = "scaler.json"
  static let labelEncoderFileName = "labelEncoder.json"
  /// What `encode` says of a column whose categories are features of their own.
  fileprivate static let oneHot = "one-hot"
  /// The largest file that is read, in bytes.
  private static let sizeLimit = 4 << 20

  /// The files' names and bytes.
  public var files: [(name: String, bytes: [UInt8])] {
    let names = columns.map(\.name)
    let encoders = columns.compactMap { column in
      if case .categories(let categories) = column.content {
        (EncoderFileName.name(of: column.name, among: names), column.name, categories)
      } else {
        nil
      }
    }
    return [
      (Self.scalerFileName, scaler.file),
      (Self.labelEncoderFileName, Self.encoder(of: target, classes).file),
    ] + encoders.map { ($0, Self.encoder(of: $1, $2).file) }
  }

  private var scaler: JSONValue {
    var members: [String: JSONValue] = [
      "columns": .array(
        columns.map { column in
          var members: [String: JSONValue] = ["name": .string(column.name)]
          if column.isOneHot {
            members["encode"] = .string(Self.oneHot)
            members["means"] = .array(column.scalings.map { .real($0.mean) })
            members["deviations"] = .array(column.scalings.map { .real($0.deviation) })
          } else if let scaling = column.scalings.first {
            members["mean"] = .real(scaling.mean)
            members["deviation"] = .real(scaling.deviation)
          }
          switch column.content {
          case .numbers(let numbers):
            members["kind"] = .string("numbers")
            members["minimum"] = .real(numbers.minimum)
            members["maximum"] = .real(numbers.maximum)
            members["bin_edges"] = .array(numbers.binEdges.map { .real($0) })
            members["bin_shares"] = .array(numbers.binShares.map { .real($0) })
            if let median = numbers.median { members["median"] = .real(median) }
          case .categories: members["kind"] = .string("categories")
          }
          return .sorted(members)
        }),
      "format_version": .integer(ModelDescription.formatVersion),
    ]
    if !missingWords.isEmpty {
      members["missing_values"] = .array(missingWords.map { .string($0) })
    }
    return .sorted(members)
  }

  private static func encoder(of column: String, _ categories: CategoryDistribution) -> JSONValue {
    var members: [String: JSONValue] = [
      "column": .string(column),
      "classes": .array(categories.names.map { .string($0) }),
      "shares": .array(categories.shares.map { .real($0) }),
      "format_version": .integer(ModelDescription.formatVersion),
    ]
    if categories.hasMissing { members["missing"] = .boolean(true) }
    return .sorted(members)
  }

  /// Reads the files of a folder.
  public init(folder: String) throws(ModelFileError) {
    try self.init { name throws(ModelFileError) in
      let source = try ByteSource(contentsOf: folder + "/" + name)
      guard source.count <= Self.sizeLimit else {
        throw ModelFileError(
          .badData, source.name,
          "expected at most \(Self.sizeLimit) bytes, found \(source.count)")
      }
      return try JSONFile(name: source.name, bytes: source.bytes(0..<source.count))
    }
  }

  /// Reads files from memory.
  ///
  /// - Parameter files: the bytes of the files, by name.
  public init(files: [String: [UInt8]]) throws(ModelFileError) {
    try self.init { name throws(ModelFileError) in
      guard let bytes = files[name] else {
        throw ModelFileError(.missingFile, name, "there is no such file")
      }
      return try JSONFile(name: name, bytes: bytes)
    }
  }

  private init(
    reading file: (_ name: String) throws(ModelFileError) -> JSONFile
  ) throws(ModelFileError) {
    let scaler = try file(Self.scalerFileName)
    try scaler.checkMembers(of: scaler.content, ["columns", "format_version", "missing_values"])
    let entries = scaler.content["columns"]?.elements ?? []
    let names = entries.compactMap { $0["name"]?.text }
    guard !names.isEmpty, names.count == entries.count, names.areDistinct else {
      throw scaler.fail("expected one column or more, with different names")
    }
    let missingWords = try scaler.missingWords()
    let columns = try zip(names, entries).map { name, entry throws(ModelFileError) in
      let content: FeatureColumn.Content
      if let numbers = try scaler.numbers(entry) {
        content = .numbers(numbers)
      } else {
        let encoder = try file(EncoderFileName.name(of: name, among: names))
        content = .categories(try encoder.encoder(of: name).categories)
      }
      return FeatureColumn(
        name: name, content: content, scalings: try scaler.scalings(entry, name, content),
        isOneHot: entry["encode"] != nil, missingWords: missingWords)
    }
    let labels = try file(Self.labelEncoderFileName).encoder(of: nil)
    self.init(columns: columns, target: labels.column, classes: labels.categories)
  }
}

/// The content of a JSON file, and its name in errors.
private struct JSONFile {
  let name: String
  let content: JSONValue

  /// Reads an object of this version of the format.
  init(name: String, bytes: [UInt8]) throws(ModelFileError) {
    self.name = name
    do throws(JSONError) {
      content = try JSONValue(parsing: bytes)
    } catch {
      throw ModelFileError(.badData, name, error.description)
    }
    guard let version = content["format_version"]?.wholeNumber else {
      throw fail("expected an object with format_version")
    }
    guard version == ModelDescription.formatVersion else {
      throw fail(
        "expected format_version \(ModelDescription.formatVersion), found \(version); the file was "
          + "written by another version of the program")
    }
  }

  func fail(_ problem: String) -> ModelFileError { ModelFileError(.badData, name, problem) }

  /// Refuses unknown members of an object.
  func checkMembers(of object: JSONValue, _ names: Set<String>) throws(ModelFileError) {
    if let odd = object.members?.first(where: { !names.contains($0.name) }) {
      throw fail("unknown member \(JSONReader.quoted(odd.name))")
    }
  }

  /// The words of `scaler.json` that mean missing values.
  func missingWords() throws(ModelFileError) -> [String] {
    guard let member = content["missing_values"] else { return [] }
    guard let words = member.list(of: \.text), words.areDistinct else {
      throw fail("missing_values: expected a list of different words")
    }
    return words
  }

  /// The distribution of a column of `scaler.json`; `nil` for a column of categories.
  func numbers(_ column: JSONValue) throws(ModelFileError) -> NumberDistribution? {
    let members: Set = ["name", "kind", "mean", "deviation"]
    let kind = column["kind"]?.text ?? ""
    if kind == "categories" {
      let isOneHot = column["encode"] != nil
      try checkMembers(
        of: column, isOneHot ? ["name", "kind", "encode", "means", "deviations"] : members)
      return nil
    }
    guard kind == "numbers" else {
      throw fail("expected the kind numbers or categories, found \(JSONReader.quoted(kind))")
    }
    try checkMembers(
      of: column, members.union(["minimum", "maximum", "bin_edges", "bin_shares", "median"]))
    guard let minimum = column["minimum"]?.number, let maximum = column["maximum"]?.number,
      minimum <= maximum, let edges = column["bin_edges"]?.list(of: \.number),
      zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }),
      let shares = column["bin_shares"]?.shares, shares.count == edges.count + 1
    else {
      throw fail(
        "a column of numbers needs minimum and maximum, rising bin_edges, and for each bin a share, "
          + "which sum to one")
    }
    let median = column["median"]?.number
    guard column["median"] == nil || median.map({ minimum <= $0 && $0 <= maximum }) == true else {
      throw fail("expected a median from minimum to maximum")
    }
    return NumberDistribution(
      minimum: minimum, maximum: maximum, binEdges: edges, binShares: shares, median: median)
  }

  /// How the features of a column of `scaler.json` are scaled.
  func scalings(
    _ column: JSONValue, _ name: String, _ content: FeatureColumn.Content
  ) throws(ModelFileError) -> [FeatureColumn.Scaling] {
    guard let encoding = column["encode"] else {
      guard let mean = column["mean"]?.number, let deviation = column["deviation"]?.number,
        deviation > 0
      else {
        throw fail("column \(JSONReader.quoted(name)) needs a mean, and a deviation above 0")
      }
      return [FeatureColumn.Scaling(mean: mean, deviation: deviation)]
    }
    guard encoding.text == SavedPreprocessing.oneHot,
      let means = column["means"]?.list(of: \.number),
      let deviations = column["deviations"]?.list(of: \.number),
      means.count == content.shares.count, deviations.count == means.count,
      deviations.allSatisfy({ $0 > 0 })
    else {
      throw fail(
        "column \(JSONReader.quoted(name)) with encode needs the value \(SavedPreprocessing.oneHot), and "
          + "for each share of its encoder one of means, and one of deviations above 0")
    }
    return zip(means, deviations).map { FeatureColumn.Scaling(mean: $0, deviation: $1) }
  }

  /// The column and the categories of an encoder's file.
  ///
  /// - Parameter column: the column that it must have, if known.
  func encoder(
    of column: String?
  ) throws(ModelFileError) -> (column: String, categories: CategoryDistribution) {
    // Only a feature may lack values.
    let members: Set = ["classes", "column", "format_version", "shares"]
    try checkMembers(of: content, column == nil ? members : members.union(["missing"]))
    let hasMissing = content["missing"] == .boolean(true)
    guard let found = content["column"]?.text, let names = content["classes"]?.list(of: \.text),
      !names.isEmpty, names.areDistinct, let shares = content["shares"]?.shares,
      shares.count == names.count + (hasMissing ? 1 : 0),
      content["missing"] == nil || hasMissing
    else {
      throw fail(
        "expected column, format_version, classes with different names, and for each a share, which "
          + "sum to one; where missing is true one share more")
    }
    if let column, !found.unicodeScalars.elementsEqual(column.unicodeScalars) {
      throw fail(
        "expected the encoder of column \(JSONReader.quoted(column)), found that of "
          + JSONReader.quoted(found))
    }
    return (found, CategoryDistribution(names: names, shares: shares, hasMissing: hasMissing))
  }
}

extension JSONValue {
  /// The value of each element; `nil` if this is not a list, or an element has no such value.
  func list<Element>(of element: (JSONValue) -> Element?) -> [Element]? {
    let list = elements?.compactMap(element)
    return list?.count == elements?.count ? list : nil
  }

  /// The numbers of a distribution: from 0 to 1, with the sum 1.
  fileprivate var shares: [Double]? {
    guard let shares = list(of: \.number), shares.allSatisfy({ $0 >= 0 && $0 <= 1 }),
      abs(shares.reduce(0, +) - 1) <= 1e-6
    else { return nil }
    return shares
  }
}
