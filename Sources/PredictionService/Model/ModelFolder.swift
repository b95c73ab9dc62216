import ModelFiles
public import SavedModels
import Support

/// A folder with a model, which is checked regularly.
public struct ModelFolder: Sendable {
  public let path: String
  private let unknownCategory: UnknownCategory

  /// - Parameter unknownCategory: what its models make of a category that training did not have.
  public init(_ path: String, unknownCategory: UnknownCategory = .error) {
    self.path = path
    self.unknownCategory = unknownCategory
  }

  /// The state of the folder: it differs as soon as anything in the folder has changed.
  public struct Fingerprint: Hashable, Sendable {
    fileprivate let folder: UInt64
    fileprivate let files: [String: FileInformation]
  }

  /// `nil` if there is no such folder.
  public var fingerprint: Fingerprint? {
    guard let names = try? Files.contents(of: path), let folder = Files.information(path) else {
      return nil
    }
    var files: [String: FileInformation] = [:]
    for name in names where !name.hasPrefix(".") {
      files[name] = Files.information(path + "/" + name)
    }
    return Fingerprint(folder: folder.number, files: files)
  }

  /// Whether there is a model in the folder.
  public var hasModel: Bool { Files.isReadable(path + "/" + ModelFile.name) }

  /// The first twelve digits of the SHA-256 of the model's file: the version of a model that was given none.
  public var checksum: String {
    guard let bytes = try? Files.read(path + "/" + ModelFile.name) else { return "unknown" }
    return String(SHA256.hexDigest(of: bytes).prefix(12))
  }

  /// The folder changed while it was read.
  public struct UnsettledError: Error, CustomStringConvertible {
    public let path: String
    public var description: String { "\(path) changed while it was read" }
  }

  /// Reads the model, and checks that none of its files changed meanwhile.
  ///
  /// - Throws: ``ModelFileError`` or ``UnsettledError``.
  public func load() throws -> (pipeline: SavedPipeline, fingerprint: Fingerprint?) {
    let before = fingerprint
    let pipeline = try SavedPipeline(folder: path, unknownCategory: unknownCategory)
    guard fingerprint == before else { throw UnsettledError(path: path) }
    return (pipeline, before)
  }
}
