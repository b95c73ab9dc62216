import JSON
import Support

/// What is known about a fetched set: the file `registry.json` in its folder.
public struct FetchRecord: Codable, Hashable, Sendable {
  public static let fileName = "registry.json"
  private static let currentFormat = 1

  var formatVersion = currentFormat
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

  private enum CodingKeys: String, CodingKey {
    case formatVersion = "format_version"
    case fetchedAt = "fetched_at"
    case parts = "models"
    case workspace, prefix, stage, version
  }

  /// A part of the set: one model of the registry.
  public struct Part: Codable, Hashable, Sendable {
    public let name: String
    public let version: String
    /// Comet's identifier of the version.
    public let id: String
    public let experimentKey: String?
    public let comment: String?
    public let files: [File]

    private enum CodingKeys: String, CodingKey {
      case name, version, id, comment, files
      case experimentKey = "experiment"
    }
  }

  /// A file as it was fetched.
  public struct File: Codable, Hashable, Sendable {
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
    self.init(name: name, size: bytes.count, sha256: SHA256.hexDigest(of: bytes))
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
    do throws(JSONError) {
      let record = try JSONDocument.decode(FetchRecord.self, from: bytes)
      guard record.formatVersion == currentFormat else {
        throw JSONError(
          .value("format_version"),
          problem: "expected \(currentFormat), found \(record.formatVersion)")
      }
      return record
    } catch {
      throw RegistryError(
        .badData, "\(path): expected the record of a fetched set; \(error)")
    }
  }

  /// Writes the record into the folder of its files.
  func write(to folder: String) throws(RegistryError) {
    guard let record = try? JSONValue(encoding: self) else {
      preconditionFailure("a record has nothing that JSON cannot write")
    }
    try RegistryError.withFiles { () throws(FileError) in
      try Files.write(record.file, to: folder + "/" + Self.fileName, isDurable: true)
    }
  }
}
