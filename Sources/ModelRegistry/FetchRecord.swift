import JSON
import Support

/// What is known about a fetched set: the file `registry.json` in its folder.
public struct FetchRecord: Hashable, Sendable {
  public static let fileName = "registry.json"
  static let formatVersion = 1

  public let workspace: String
  public let prefix: String
  /// The stage by which the set was chosen.
  public internal(set) var stage: String?
  /// The version that all parts have; `nil` where they differ.
  public let version: String?
  /// When it was fetched, such as `2026-01-31T23:59:59Z`.
  public let fetchedAt: String
  /// The parts, the model itself first.
  public let parts: [Part]

  /// A part of the set: one model of the registry.
  public struct Part: Hashable, Sendable {
    public let name: String
    public let version: String
    /// Comet's identifier of the version.
    public let id: String
    public let experimentKey: String?
    public let comment: String?
    public let files: [File]
  }

  /// A file as it was fetched.
  public struct File: Hashable, Sendable {
    public let name: String
    public let size: Int
    /// In hexadecimal digits.
    public let sha256: String
  }

  /// The experiment that the model comes from.
  public var experimentKey: String? { parts.first?.experimentKey }

  var fileNames: [String] { parts.flatMap(\.files).map(\.name) }
}

extension FetchRecord.File {
  /// A file that is there.
  init(_ name: String, in folder: String) throws(RegistryError) {
    let bytes = try RegistryError.withFiles { () throws(FileError) in
      try Files.read(folder + "/" + name)
    }
    self.init(
      name: name, size: bytes.count, sha256: SHA256.hexDigest(of: bytes))
  }
}

extension FetchRecord {
  /// The longest record that is read.
  private static let byteLimit = 1 << 20

  /// Reads the record of a folder; `nil` where it has none, such as a model's folder of a run.
  public static func read(folder: String) throws(RegistryError) -> FetchRecord? {
    let path = folder + "/" + fileName
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try Files.read(path, upTo: byteLimit + 1)
    } catch {
      guard error.isMissing else { throw RegistryError(error) }
      return nil
    }
    guard bytes.count <= byteLimit else {
      throw RegistryError(.badData, "\(path): expected at most \(byteLimit) bytes, found more")
    }
    do {
      return try FetchRecord(JSONValue(parsing: bytes))
    } catch {
      throw RegistryError(
        .badData, "\(path): expected the record of a fetched set; \(error)")
    }
  }

  /// Writes the record into the folder of its files.
  func write(to folder: String) throws(RegistryError) {
    try RegistryError.withFiles { () throws(FileError) in
      try Files.write(bytes, to: folder + "/" + Self.fileName, isDurable: true)
    }
  }

  private init(_ json: JSONValue) throws(JSONError) {
    guard json["format_version"]?.wholeNumber == Self.formatVersion else {
      throw JSONError(.value("format_version"), problem: "expected \(Self.formatVersion)")
    }
    workspace = try json.requiredText("workspace")
    prefix = try json.requiredText("prefix")
    stage = json["stage"]?.text
    version = json["version"]?.text
    fetchedAt = try json.requiredText("fetched_at")
    parts = try json.requiredList("models").map { part throws(JSONError) in
      Part(
        name: try part.requiredText("name"), version: try part.requiredText("version"),
        id: try part.requiredText("id"), experimentKey: part["experiment"]?.text,
        comment: part["comment"]?.text,
        files: try part.requiredList("files").map { file throws(JSONError) in
          File(
            name: try file.requiredText("name"), size: try file.requiredInteger("size"),
            sha256: try file.requiredText("sha256"))
        })
    }
  }

  /// The file's bytes.
  var bytes: [UInt8] {
    let parts = parts.map { part in
      JSONValue.sorted([
        "name": .string(part.name), "version": .string(part.version), "id": .string(part.id),
        "experiment": .optional(part.experimentKey), "comment": .optional(part.comment),
        "files": .array(
          part.files.map {
            .sorted([
              "name": .string($0.name), "size": .integer($0.size), "sha256": .string($0.sha256),
            ])
          }),
      ])
    }
    return JSONValue.sorted([
      "format_version": .integer(Self.formatVersion), "workspace": .string(workspace),
      "prefix": .string(prefix), "stage": .optional(stage), "version": .optional(version),
      "fetched_at": .string(fetchedAt), "models": .array(parts),
    ]).file
  }
}
