import Classifiers
import Evaluation
import JSON

/// The plan as `sweep.json`, which a sweep's folder begins with.
extension SweepPlan {
  static let fileName = "sweep.json"
  private static let kind = "sweep"

  /// The same bytes for the same plan, however it was typed.
  public var file: [UInt8] {
    var judged: [String: JSONValue] =
      switch judging {
      case .split(let testFraction): ["test_fraction": .real(testFraction)]
      case .folds(let count, let repeats):
        ["cross_validate": .integer(count), "repeats": .integer(repeats)]
      }
    judged["seeds"] = .string(seeds.description)
    return JSONValue.sorted([
      "data": .sorted([
        "classes": .array(data.classes.map { .string($0) }),
        "features": .array(data.features.map { .string($0) }),
        "file": .string(data.file), "rows": .integer(data.rows), "sha256": .string(data.sha256),
      ]),
      "grid": ParameterGrid.document(of: grids),
      "judged_on": .sorted(judged),
      "kind": .string(Self.kind),
      "options": .sorted(options.mapValues { .string($0) }),
      "sort_by": .string(sortBy.rawValue),
      "version": .string(version),
    ]).file
  }

  /// Reads `sweep.json`.
  ///
  /// - Parameter path: what errors call the file.
  init(fromFile bytes: [UInt8], path: String) throws(RequestError) {
    let document: JSONValue
    do throws(JSONError) {
      document = try JSONValue(parsing: bytes)
    } catch {
      throw RequestError(.badData, "\(path): \(error)")
    }
    func missing(_ name: String) -> RequestError {
      RequestError(.badData, "\(path): expected the plan of a sweep, found none (\(name))")
    }
    func texts(_ value: JSONValue?) -> [String]? {
      value?.elements.map { $0.compactMap(\.text) }
    }
    guard document["kind"]?.text == Self.kind else { throw missing("kind") }
    guard let data = document["data"], let file = data["file"]?.text,
      let sha256 = data["sha256"]?.text, let rows = data["rows"]?.wholeNumber,
      let features = texts(data["features"]), let classes = texts(data["classes"]),
      !classes.isEmpty
    else { throw missing("data") }
    guard let judged = document["judged_on"], let seeds = judged["seeds"]?.text else {
      throw missing("judged_on")
    }
    let judging: Judging
    if let fraction = judged["test_fraction"]?.number {
      judging = .split(testFraction: fraction)
    } else if let count = judged["cross_validate"]?.wholeNumber, 2...1_000_000 ~= count,
      let repeats = judged["repeats"]?.wholeNumber, 1...1_000_000 ~= repeats
    {
      judging = .folds(count: count, repeats: repeats)
    } else {
      throw missing("judged_on")
    }
    guard let options = document["options"]?.members else { throw missing("options") }
    guard let sortBy = document["sort_by"]?.text.flatMap(Metric.init) else {
      throw missing("sort_by")
    }
    guard let version = document["version"]?.text else { throw missing("version") }
    guard let grid = document["grid"] else { throw missing("grid") }
    do throws(RequestError) {
      try self.init(
        data: SweptData(
          file: file, sha256: sha256, rows: rows, features: features, classes: classes),
        grids: ParameterGrid.grids(from: grid), seeds: SeedList(parsing: seeds), judging: judging,
        options: Dictionary(
          options.map { ($0.name, $0.value.text ?? "") }, uniquingKeysWith: { first, _ in first }),
        sortBy: sortBy, version: version)
    } catch {
      throw RequestError(.badData, "\(path): \(error)")
    }
  }

  /// Refuses a folder that was begun with another plan.
  ///
  /// - Parameter path: the folder.
  func check(continues begun: SweepPlan, at path: String) throws(RequestError) {
    guard self != begun else { return }
    func differ(_ what: String, _ begun: String, _ mine: String) -> RequestError {
      RequestError(
        .badRequest,
        "\(path): expected \(what)\(begun), as the sweep there began, found \(mine); name another "
          + "folder with --output")
    }
    if data.sha256 != begun.data.sha256 {
      throw RequestError(
        .badData,
        "\(path): expected the data that the sweep there began with (SHA-256 "
          + "\(begun.data.sha256.prefix(12))…), found other data (\(data.sha256.prefix(12))…); name "
          + "another folder with --output")
    }
    for name in Set(options.keys).union(begun.options.keys).sorted()
    where options[name] != begun.options[name] {
      throw differ(
        "--\(name) ", begun.options[name] ?? "not given", options[name] ?? "it not given")
    }
    if seeds != begun.seeds { throw differ("--seeds ", "\(begun.seeds)", "\(seeds)") }
    if judging != begun.judging {
      throw differ("", begun.judging.words, judging.words)
    }
    if sortBy != begun.sortBy { throw differ("--sort-by ", begun.sortBy.rawValue, sortBy.rawValue) }
    if version != begun.version {
      throw differ("version ", "\(begun.version) of the program", version)
    }
    throw differ(
      "the grid ", "\(ParameterGrid.document(of: begun.grids))",
      "\(ParameterGrid.document(of: grids))")
  }
}

extension Judging {
  /// The options that ask for it.
  var words: String {
    switch self {
    case .split(let testFraction): "--test-fraction \(testFraction)"
    case .folds(let count, let repeats): "--cross-validate \(count) --repeats \(repeats)"
    }
  }
}
