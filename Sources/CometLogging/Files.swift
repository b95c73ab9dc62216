#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Small files, read whole; what cannot be read is not there.
enum Files {
  static func text(_ path: String, limit: Int = 1 << 20) -> String? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = fread(&bytes, 1, limit, file)
    // A folder opens, but cannot be read.
    guard ferror(file) == 0 else { return nil }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// A file's first line.
  static func line(_ path: String) -> String? {
    text(path, limit: 4096).map { String($0.prefix { !$0.isNewline }) }
  }

  static func isFolder(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  /// The file's size in bytes; `nil` where there is no such file.
  static func size(_ path: String) -> Int? {
    var information = stat()
    guard stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(information.st_size)
  }

  static func absolute(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// A path that may be relative to a folder.
  static func resolved(_ path: String, from folder: String) -> String {
    path.hasPrefix("/") ? path : folder + "/" + path
  }
}
