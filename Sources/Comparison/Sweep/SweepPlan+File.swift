import Classifiers
import JSON

/// The plan as `sweep.json`, which a sweep's folder begins with.
extension SweepPlan {
  static let fileName = "sweep.json"
  private static let kind = "sweep"

  /// The file but for its grid.
  private struct Document: Codable {
    var kind = SweepPlan.kind
    let data: SweptData
    let request: RunRequest
    let seeds: String
    let nested: Int?
    let version: String
  }

  /// The same bytes for the same plan, however it was typed.
  public var file: [UInt8] {
    get throws {
      let document = Document(
        data: data, request: request, seeds: seeds.description, nested: nested,
        version: version)
      let members = try JSONValue(encoding: document).members ?? []
      let grid = JSONValue.Member("grid", ParameterGrid.document(of: grids))
      return JSONValue.object((members + [grid]).sorted { $0.name < $1.name }).file
    }
  }

  /// Reads `sweep.json`.
  ///
  /// - Parameter path: what errors call the file.
  init(fromFile bytes: [UInt8], path: String) throws(RequestError) {
    do {
      let value = try JSONValue(parsing: bytes)
      guard value["kind"]?.text == Self.kind else {
        throw RequestError(.badData, "expected the plan of a sweep, found none (kind)")
      }
      let document = try value.decoded(as: Document.self)
      try self.init(
        document.request, data: document.data,
        grids: ParameterGrid.grids(from: value["grid"] ?? .null),
        seeds: SeedList(parsing: document.seeds), nested: document.nested,
        version: document.version)
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
    if let test = begun.data.test, let other = data.test, test.sha256 != other.sha256 {
      throw RequestError(
        .badData,
        "\(path): expected the test data that the sweep there began with (SHA-256 "
          + "\(test.sha256.prefix(12))…), found other test data (\(other.sha256.prefix(12))…); name "
          + "another folder with --output")
    }
    if let difference = begun.request.differences(from: request).first {
      throw differ("", difference.first, difference.second)
    }
    if seeds != begun.seeds { throw differ("--seeds ", "\(begun.seeds)", "\(seeds)") }
    if nested != begun.nested {
      func words(_ nested: Int?) -> String { nested.map { "--nested \($0)" } ?? "no --nested" }
      throw differ("", words(begun.nested), words(nested))
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
