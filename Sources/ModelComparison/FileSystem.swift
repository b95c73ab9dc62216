#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A file or folder that could not be made or written.
public struct FileError: Error, Hashable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    case cannotCreate
    case cannotWrite
  }

  public let kind: Kind
  public let description: String

  init(_ kind: Kind, _ path: String, _ problem: String) {
    self.kind = kind
    description = "\(path): \(problem)"
  }

  /// The error that the C library has just reported.
  public static func last(_ kind: Kind, _ path: String) -> FileError {
    FileError(kind, path, String(cString: strerror(errno)))
  }
}

/// The few operations on files that a run folder needs.
enum FileSystem {
  static func exists(_ path: String) -> Bool {
    var information = stat()
    return lstat(path, &information) == 0
  }

  /// The names in a folder; `nil` when it is none.
  static func contents(of folder: String) -> [String]? {
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
  static func createFolder(_ path: String) throws(FileError) -> [String] {
    var created: [String] = []
    var current = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      current += (current.isEmpty || current.hasSuffix("/") ? "" : "/") + part
      if mkdir(current, 0o777) == 0 {
        created.append(current)
      } else if errno != EEXIST {
        let error = FileError.last(.cannotCreate, current)
        for folder in created.reversed() { rmdir(folder) }
        throw error
      }
    }
    return created
  }

  /// Writes a whole file under a temporary name beside it, then gives it its name.
  static func write(_ bytes: some Collection<UInt8>, to path: String) throws(FileError) {
    let temporary = path + ".partial"
    guard let file = fopen(temporary, "wb") else { throw .last(.cannotCreate, path) }
    let written = bytes.withContiguousStorageIfAvailable {
      fwrite($0.baseAddress, 1, $0.count, file) == $0.count
    }
    let isWhole = written ?? false
    let isFlushed = fflush(file) == 0
    let error = FileError.last(.cannotWrite, path)
    let isClosed = fclose(file) == 0
    guard isWhole, isFlushed, isClosed else {
      unlink(temporary)
      throw error
    }
    try move(temporary, to: path)
  }

  static func move(_ path: String, to target: String) throws(FileError) {
    guard rename(path, target) == 0 else { throw .last(.cannotCreate, target) }
  }

  /// Removes a file, or a folder with all that is in it. What is already gone is no concern.
  static func remove(_ path: String) {
    for name in contents(of: path) ?? [] where exists(path) { remove(path + "/" + name) }
    if unlink(path) != 0 { rmdir(path) }
  }
}
