public import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A file or folder that could not be made or written.
public struct FileError: Error, Hashable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    case cannotRead
    case cannotCreate
    case cannotWrite
  }

  public let kind: Kind
  public let description: String

  package init(_ kind: Kind, _ path: String, _ problem: String) {
    self.kind = kind
    description = "\(path): \(problem)"
  }

  /// The error that the C library has just reported.
  public static func last(_ kind: Kind, _ path: String) -> FileError {
    FileError(kind, path, String(cString: strerror(errno)))
  }
}

/// The few operations on files that a run folder needs.
public enum FileSystem {
  public static func exists(_ path: String) -> Bool {
    var information = stat()
    return lstat(path, &information) == 0
  }

  /// The names in a folder; `nil` when it is none.
  public static func contents(of folder: String) -> [String]? {
    guard let directory = opendir(folder) else { return nil }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Makes a folder and those above it; returns the ones that were not there, outermost first.
  public static func createFolder(_ path: String) throws(FileError) -> [String] {
    try createFolders(path.split(separator: "/"), startingAt: path.hasPrefix("/") ? "/" : "")
  }

  /// Makes the folders above a path; returns the ones that were not there, outermost first.
  @discardableResult package static func createFolder(
    above path: String
  ) throws(FileError) -> [String] {
    try createFolders(
      path.split(separator: "/").dropLast(), startingAt: path.hasPrefix("/") ? "/" : "")
  }

  private static func createFolders(
    _ parts: some Collection<Substring>, startingAt start: String
  ) throws(FileError) -> [String] {
    var created: [String] = []
    var current = start
    for part in parts {
      current += (current.isEmpty || current.hasSuffix("/") ? "" : "/") + part
      do throws(FileError) {
        if try createNewFolder(current) { created.append(current) }
      } catch {
        removeEmpty(created.reversed())
        throw error
      }
    }
    return created
  }

  /// Makes one folder; false where something of that name is there already.
  static func createNewFolder(_ path: String) throws(FileError) -> Bool {
    if mkdir(path, 0o777) == 0 { return true }
    guard errno == EEXIST else { throw .last(.cannotCreate, path) }
    return false
  }

  /// Removes the folders that are empty, in that order.
  static func removeEmpty(_ folders: some Sequence<String>) {
    for folder in folders { rmdir(folder) }
  }

  /// Writes a whole file under a temporary name beside it, then gives it its name.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let temporary = path + ".partial"
    guard let file = fopen(temporary, "wb") else { throw .last(.cannotCreate, path) }
    let isWhole = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) == $0.count }
    let isFlushed = fflush(file) == 0
    let error = FileError.last(.cannotWrite, path)
    let isClosed = fclose(file) == 0
    guard isWhole, isFlushed, isClosed else {
      unlink(temporary)
      throw error
    }
    try move(temporary, to: path)
  }

  /// The bytes of a whole file.
  package static func read(_ path: String) throws(FileError) -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw .last(.cannotRead, path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&part, 1, part.count, file)
      bytes += part[..<count]
      if count < part.count { break }
    }
    guard ferror(file) == 0 else { throw .last(.cannotRead, path) }
    return bytes
  }

  package static func move(_ path: String, to target: String) throws(FileError) {
    guard rename(path, target) == 0 else { throw .last(.cannotCreate, target) }
  }

  /// Removes a file, or a folder with all that is in it. What is already gone is no concern.
  public static func remove(_ path: String) {
    for name in contents(of: path) ?? [] where exists(path) { remove(path + "/" + name) }
    if unlink(path) != 0 { rmdir(path) }
  }
}

extension FileError: ExitStatusProviding {
  public var exitStatus: Int32 {
    switch kind {
    case .cannotRead: 66
    case .cannotCreate: 73
    case .cannotWrite: 74
    }
  }
}
