import Comet
import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The few operations on files and folders that fetching needs.
enum Folder {
  /// A file's bytes; `nil` where there is none.
  static func bytes(_ path: String, limit: Int) throws(RegistryError) -> [UInt8]? {
    guard let file = fopen(path, "rb") else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw .last(.badData, path)
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&block, 1, block.count, file)
      if count == 0 { break }
      bytes += block[..<count]
      guard bytes.count <= limit else {
        throw RegistryError(.badData, "\(path): expected at most \(limit) bytes, found more")
      }
    }
    guard ferror(file) == 0 else { throw .last(.badData, path) }
    return bytes
  }

  /// What a file is called until it is whole.
  static func temporaryName(_ path: String) -> String { path + ".partial" }

  /// Writes a file under a temporary name beside it, then gives it its name.
  static func write(_ bytes: [UInt8], to path: String) throws(RegistryError) {
    let temporary = temporaryName(path)
    guard let file = fopen(temporary, "wb") else { throw .last(.cannotCreate, path) }
    let isWhole = fwrite(bytes, 1, bytes.count, file) == bytes.count
    let isFlushed = fflush(file) == 0 && fsync(fileno(file)) == 0
    let error = RegistryError.last(.cannotWrite, path)
    guard fclose(file) == 0, isWhole, isFlushed else {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else { throw .last(.cannotCreate, path) }
  }

  /// What a file is, for the record.
  static func record(of name: String, in folder: String) throws(RegistryError) -> FetchRecord.File {
    guard let bytes = try bytes(folder + "/" + name, limit: .max) else {
      throw RegistryError(.missing, "\(folder)/\(name): there is no such file")
    }
    let digest = bytes.withUnsafeBytes { SHA256.hexDigest(of: $0) }
    return FetchRecord.File(name: name, size: bytes.count, sha256: digest)
  }

  /// Makes the folders above a path, as far as they are not there.
  static func createFolder(above path: String) throws(RegistryError) {
    let parent = FileNames.folder(of: path)
    var information = stat()
    if stat(parent, &information) == 0 { return }
    try createFolder(above: parent)
    guard mkdir(parent, 0o777) == 0 || errno == EEXIST else { throw .last(.cannotCreate, parent) }
  }

  /// Brings the names in a folder, and its files' bytes, to the disk itself.
  static func flush(_ path: String) {
    for name in FileNames.contents(of: path) ?? [] { flushOne(path + "/" + name) }
    flushOne(path)
  }

  private static func flushOne(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    // A file system that cannot do it still has the bytes.
    _ = fsync(descriptor)
    close(descriptor)
  }
}
