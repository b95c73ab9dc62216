import JSON

/// Encoders and scaler as files: `scaler.json`, `labelEncoder.json`, and one
/// `<column>FeatureLabelEncoder.json` per column of categories. `docs/model-format.md` describes them.
extension SavedPreprocessing {
  static let scalerFileName = "scaler.json"
  static let labelEncoderFileName = "labelEncoder.json"
  /// The largest file that is read, in bytes.
  private static let sizeLimit = 4 << 20

  /// The files' names and bytes.
  public var files: [(name: String, bytes: [UInt8])] {
    let encoders = columns.compactMap { column in
      if case .categories(let categories) = column.content {
        (EncoderFileName.name(of: column.name, among: featureNames), column.name, categories)
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
    .sorted([
      "columns": .array(
        columns.map { column in
          var members: [String: JSONValue] = [
            "name": .string(column.name), "mean": .real(column.mean),
            "deviation": .real(column.deviation),
          ]
          switch column.content {
          case .numbers(let numbers):
            members["kind"] = .string("numbers")
            members["minimum"] = .real(numbers.minimum)
            members["maximum"] = .real(numbers.maximum)
            members["bin_edges"] = .array(numbers.binEdges.map { .real($0) })
            members["bin_shares"] = .array(numbers.binShares.map { .real($0) })
          case .categories: members["kind"] = .string("categories")
          }
          return .sorted(members)
        }),
      "format_version": .integer(ModelDescription.formatVersion),
    ])
  }

  private static func encoder(of column: String, _ categories: CategoryDistribution) -> JSONValue {
    .sorted([
      "column": .string(column),
      "classes": .array(categories.names.map { .string($0) }),
      "shares": .array(categories.shares.map { .real($0) }),
      "format_version": .integer(ModelDescription.formatVersion),
    ])
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
      return JSONFile(name: source.name, bytes: try source.bytes(0..<source.count))
    }
  }

  /// Reads files from memory.
  ///
  /// - Parameter files: the bytes of each file that there is.
  public init(files: [String: [UInt8]]) throws(ModelFileError) {
    try self.init { name throws(ModelFileError) in
      guard let bytes = files[name] else {
        throw ModelFileError(.missingFile, name, "there is no such file")
      }
      return JSONFile(name: name, bytes: bytes)
    }
  }

  private init(
    reading file: (_ name: String) throws(ModelFileError) -> JSONFile
  ) throws(ModelFileError) {
    let scaler = try file(Self.scalerFileName)
    let entries = try scaler.read { reader throws(JSONError) in try ScalerEntry.list(&reader) }
    let names = entries.map(\.name)
    guard !names.isEmpty, names.areDistinct else {
      throw scaler.fail("expected one column or more, with different names")
    }
    var columns: [FeatureColumn] = []
    for entry in entries {
      let content: FeatureColumn.Content
      if let numbers = entry.numbers {
        content = .numbers(numbers)
      } else {
        let encoder = try file(EncoderFileName.name(of: entry.name, among: names))
        content = .categories(try EncoderEntry.read(encoder, column: entry.name).categories)
      }
      columns.append(
        FeatureColumn(
          name: entry.name, content: content, mean: entry.mean, deviation: entry.deviation))
    }
    let labels = try EncoderEntry.read(file(Self.labelEncoderFileName), column: nil)
    self.init(columns: columns, target: labels.column, classes: labels.categories)
  }
}

/// A JSON file's bytes with the name that errors call it by.
private struct JSONFile {
  let name: String
  let bytes: [UInt8]

  func fail(_ problem: String) -> ModelFileError { ModelFileError(.badData, name, problem) }

  func read<Value>(
    _ body: (inout JSONReader) throws(JSONError) -> Value
  ) throws(ModelFileError) -> Value {
    var reader = JSONReader(bytes)
    do throws(JSONError) {
      let value = try body(&reader)
      try reader.finish()
      return value
    } catch {
      throw fail(error.description)
    }
  }
}

extension JSONReader {
  fileprivate mutating func formatVersion() throws(JSONError) {
    let version = try integer()
    guard version == ModelDescription.formatVersion else {
      throw error(
        "expected format_version \(ModelDescription.formatVersion), found \(version); the file was "
          + "written by another version of the program")
    }
  }

  fileprivate func unknownMember(_ name: String) -> JSONError {
    error("unknown member \(Self.quoted(name))")
  }
}

/// A column as `scaler.json` has it.
private struct ScalerEntry {
  let name: String
  let mean: Double
  let deviation: Double
  /// `nil` for a column of categories.
  let numbers: NumberDistribution?

  static func list(_ reader: inout JSONReader) throws(JSONError) -> [ScalerEntry] {
    var entries: [ScalerEntry]?
    var hasVersion = false
    try reader.object { name, reader throws(JSONError) in
      switch name {
      case "columns":
        entries = try reader.list { reader throws(JSONError) in try ScalerEntry(&reader) }
      case "format_version":
        try reader.formatVersion()
        hasVersion = true
      default: throw reader.unknownMember(name)
      }
    }
    guard let entries, hasVersion else {
      throw reader.error("expected columns and format_version")
    }
    return entries
  }

  init(_ reader: inout JSONReader) throws(JSONError) {
    var texts: [String: String] = [:]
    var reals: [String: Double] = [:]
    var lists: [String: [Double]] = [:]
    try reader.object { name, reader throws(JSONError) in
      switch name {
      case "name", "kind": texts[name] = try reader.string()
      case "mean", "deviation", "minimum", "maximum": reals[name] = try reader.real()
      case "bin_edges", "bin_shares":
        lists[name] = try reader.list { reader throws(JSONError) in try reader.real() }
      default: throw reader.unknownMember(name)
      }
    }
    guard let name = texts["name"], let kind = texts["kind"], let mean = reals["mean"],
      let deviation = reals["deviation"], deviation > 0
    else { throw reader.error("a column needs name, kind, mean, and a deviation above 0") }
    self.name = name
    self.mean = mean
    self.deviation = deviation
    switch kind {
    case "categories":
      guard reals.count == 2, lists.isEmpty else {
        throw reader.error("a column of categories has no range and no bins")
      }
      numbers = nil
    case "numbers":
      guard let minimum = reals["minimum"], let maximum = reals["maximum"], minimum <= maximum,
        let edges = lists["bin_edges"], let shares = lists["bin_shares"],
        zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }), shares.count == edges.count + 1,
        shares.areDistribution
      else {
        throw reader.error(
          "a column of numbers needs minimum and maximum, rising bin_edges, and for each bin a share, "
            + "which sum to one")
      }
      numbers = NumberDistribution(
        minimum: minimum, maximum: maximum, binEdges: edges, binShares: shares)
    default: throw reader.error("expected numbers or categories, found \(JSONReader.quoted(kind))")
    }
  }
}

/// What an encoder's file says.
private struct EncoderEntry {
  let column: String
  let categories: CategoryDistribution

  /// - Parameter column: the column that the file must be about, if that is known.
  static func read(_ file: JSONFile, column: String?) throws(ModelFileError) -> EncoderEntry {
    let entry = try file.read { reader throws(JSONError) in try EncoderEntry(&reader) }
    if let column, !entry.column.unicodeScalars.elementsEqual(column.unicodeScalars) {
      throw file.fail(
        "expected the encoder of column \(JSONReader.quoted(column)), found that of "
          + JSONReader.quoted(entry.column))
    }
    return entry
  }

  init(_ reader: inout JSONReader) throws(JSONError) {
    var column: String?
    var names: [String]?
    var shares: [Double]?
    var hasVersion = false
    try reader.object { name, reader throws(JSONError) in
      switch name {
      case "column": column = try reader.string()
      case "classes": names = try reader.list { reader throws(JSONError) in try reader.string() }
      case "shares": shares = try reader.list { reader throws(JSONError) in try reader.real() }
      case "format_version":
        try reader.formatVersion()
        hasVersion = true
      default: throw reader.unknownMember(name)
      }
    }
    guard let column, let names, let shares, hasVersion, !names.isEmpty, names.areDistinct,
      shares.count == names.count, shares.areDistribution
    else {
      throw reader.error(
        "expected column, format_version, classes with different names, and for each a share, which "
          + "sum to one")
    }
    self.column = column
    categories = CategoryDistribution(names: names, shares: shares)
  }
}

extension [Double] {
  /// Whether these are shares of a whole.
  fileprivate var areDistribution: Bool {
    allSatisfy { $0 >= 0 && $0 <= 1 } && abs(reduce(0, +) - 1) <= 1e-6
  }
}
