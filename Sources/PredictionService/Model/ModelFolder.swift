import ModelFiles
public import SavedModels
import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A folder with a model, looked at again and again.
public struct ModelFolder: Sendable {
  public let path: String

  public init(_ path: String) { self.path = path }

  /// What tells whether anything in the folder has changed: each file's number, size and time.
  public struct Fingerprint: Hashable, Sendable {
    fileprivate let folder: UInt64
    fileprivate let files: [String]
  }

  /// `nil` where there is no such folder.
  public var fingerprint: Fingerprint? {
    var information = stat()
    guard stat(path, &information) == 0, let folder = opendir(path) else { return nil }
    defer { closedir(folder) }
    let number = UInt64(information.st_ino)
    var files: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard !name.hasPrefix("."), stat(path + "/" + name, &information) == 0 else { continue }
      #if canImport(Darwin)
        let time = information.st_mtimespec
      #else
        let time = information.st_mtim
      #endif
      files.append(
        "\(name) \(information.st_ino) \(information.st_size) \(time.tv_sec).\(time.tv_nsec)")
    }
    return Fingerprint(folder: number, files: files.sorted())
  }

  /// Whether there is a model in the folder.
  public var hasModel: Bool { access(path + "/" + ModelFile.name, R_OK) == 0 }

  /// The first twelve digits of the SHA-256 of the model's file: what tells one model from another where
  /// nobody has given it a version.
  public var checksum: String {
    guard let file = fopen(path + "/" + ModelFile.name, "r") else { return "unknown" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = fread(&block, 1, block.count, file)
      if count == 0 { break }
      bytes += block[..<count]
    }
    return String(SHA256.hexDigest(of: bytes).prefix(12))
  }

  /// A folder that changed while it was read.
  public struct UnsettledError: Error, CustomStringConvertible {
    public let path: String
    public var description: String { "\(path) changed while it was read" }
  }

  /// Reads the model, and makes sure that all of its files are of one set: that none changed meanwhile.
  ///
  /// - Throws: ``ModelFileError`` or ``UnsettledError``.
  public func load() throws -> (pipeline: SavedPipeline, fingerprint: Fingerprint?) {
    let before = fingerprint
    let pipeline = try SavedPipeline(folder: path)
    guard fingerprint == before else { throw UnsettledError(path: path) }
    return (pipeline, before)
  }
}
