#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A folder of one test's own, removed with all that is in it when the value goes.
public final class TemporaryFolder: Sendable {
  public let path: String

  public init() {
    var name = Array("\(Self.parent)/compare-models-test-XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else { fatalError("no folder could be made below \(Self.parent)") }
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Self.remove(path) }

  private static var parent: String {
    getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
  }

  /// Makes a folder in the folder.
  public func makeFolder(_ name: String) {
    guard mkdir(path + "/" + name, 0o777) == 0 else {
      fatalError("\(path)/\(name) could not be made")
    }
  }

  /// Writes a file into the folder and returns its path.
  @discardableResult public func write(_ bytes: some Sequence<UInt8>, to name: String) -> String {
    let file = path + "/" + name
    guard let stream = fopen(file, "wb") else { fatalError("\(file) could not be written") }
    let bytes = Array(bytes)
    fwrite(bytes, 1, bytes.count, stream)
    fclose(stream)
    return file
  }

  @discardableResult public func write(_ text: String, to name: String) -> String {
    write(Array(text.utf8), to: name)
  }

  /// The names of everything below the folder, sorted; folders end with a slash.
  public func names(below folder: String = "") -> [String] {
    Self.entries(of: folder.isEmpty ? path : path + "/" + folder).flatMap { name in
      let inner = folder.isEmpty ? name : folder + "/" + name
      return Self.isFolder(path + "/" + inner) ? [inner + "/"] + names(below: inner) : [inner]
    }.sorted()
  }

  /// The bytes of a file; `nil` where there is none.
  public func read(_ name: String) -> [UInt8]? { readFile(path + "/" + name) }

  public func text(_ name: String) -> String? {
    read(name).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Removes what has that name, with all that is in it.
  public func remove(_ name: String) { Self.remove(path + "/" + name) }

  private static func entries(of folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
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

  private static func isFolder(_ path: String) -> Bool {
    var information = stat()
    return lstat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  private static func remove(_ path: String) {
    if isFolder(path) {
      for name in entries(of: path) { remove(path + "/" + name) }
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}

/// Calls `body` with the path of a file that holds the bytes while it runs.
public func withTemporaryFile<Result>(
  _ bytes: [UInt8], named name: String = "t.csv", _ body: (String) throws -> Result
) rethrows -> Result {
  let folder = TemporaryFolder()
  return try withExtendedLifetime(folder) { try body(folder.write(bytes, to: name)) }
}

/// Calls `body` with the path of a file that holds the text while it runs.
public func withTemporaryFile<Result>(
  _ text: String, named name: String = "t.csv", _ body: (String) throws -> Result
) rethrows -> Result {
  try withTemporaryFile(Array(text.utf8), named: name, body)
}

/// The bytes of a file; `nil` where it cannot be read.
public func readFile(_ path: String) -> [UInt8]? {
  guard let stream = fopen(path, "rb") else { return nil }
  defer { fclose(stream) }
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&block, 1, block.count, stream)
    if count == 0 { return bytes }
    bytes += block[..<count]
  }
}
