#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Reads, writes, lists, moves and removes files and folders.
///
/// It is the only place that asks the system for them, together with ``OpenFile`` and ``AtomicFile``.
public enum Files {
  // MARK: Reading

  /// The bytes of a whole file.
  public static func read(_ path: String) throws(FileError) -> [UInt8] {
    try OpenFile(path, .read).read(upTo: .max)
  }

  /// The first bytes of a file, `limit` at most.
  public static func read(_ path: String, upTo limit: Int) throws(FileError) -> [UInt8] {
    try OpenFile(path, .read).read(upTo: limit)
  }

  /// The text of a small file, such as those of `/proc`; `nil` where it cannot be read.
  ///
  /// - Parameter limit: the most bytes that are read.
  public static func text(_ path: String, upTo limit: Int = 1 << 20) -> String? {
    (try? read(path, upTo: limit)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A file's first line; `nil` where it cannot be read.
  public static func firstLine(_ path: String) -> String? {
    text(path, upTo: 4096).map { String($0.prefix { !$0.isNewline }) }
  }

  // MARK: Writing

  /// Writes a whole file under a temporary name beside it, then gives it its name.
  ///
  /// - Parameter isDurable: whether the bytes must be on the disk itself before the file has its name.
  public static func write(
    _ bytes: [UInt8], to path: String, isDurable: Bool = false
  ) throws(FileError) {
    let file = AtomicFile(path, isDurable: isDurable)
    try file.append(bytes)
    try file.finish()
  }

  // MARK: Looking

  /// Whether there is something of that name, be it a link that leads nowhere.
  public static func exists(_ path: String) -> Bool {
    information(path, followingLinks: false) != nil
  }

  /// `nil` where there is nothing of that name.
  public static func information(
    _ path: String, followingLinks: Bool = true
  ) -> FileInformation? {
    var information = stat()
    let result = followingLinks ? stat(path, &information) : lstat(path, &information)
    return result == 0 ? FileInformation(information) : nil
  }

  public static func isFolder(_ path: String) -> Bool { information(path)?.kind == .folder }

  public static func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }

  /// A file's size in bytes; `nil` where there is no such file.
  public static func size(_ path: String) -> Int? {
    information(path).flatMap { $0.kind == .file ? $0.size : nil }
  }

  /// The names in a folder, sorted.
  public static func contents(of folder: String) throws(FileError) -> [String] {
    guard let stream = opendir(folder) else { throw FileError(.cannotRead, folder) }
    defer { closedir(stream) }
    return names(in: stream).map { String(decoding: $0.dropLast(), as: UTF8.self) }.sorted()
  }

  /// The names in an open folder, as the system has them: bytes that need not be UTF-8, with a zero.
  private static func names(in stream: FolderStream) -> [[UInt8]] {
    var names: [[UInt8]] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) + [0] }
      if name != [0x2e, 0], name != [0x2e, 0x2e, 0] { names.append(name) }
    }
    return names
  }

  #if canImport(Darwin)
    private typealias FolderStream = UnsafeMutablePointer<DIR>
  #else
    private typealias FolderStream = OpaquePointer
  #endif

  // MARK: Paths

  /// The folder that a path names something in.
  public static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return path == "." ? ".." : "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part of a path.
  public static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The path without links, from the root on; `nil` where there is nothing.
  public static func absolute(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  // MARK: Making folders

  /// Makes a folder and those above it; returns the ones that were not there, outermost first.
  ///
  /// Where one cannot be made, those that were made for it go again.
  @discardableResult public static func createFolder(
    _ path: String
  ) throws(FileError) -> [String] {
    try createFolders(path.split(separator: "/"), startingAt: path.hasPrefix("/") ? "/" : "")
  }

  /// Makes the folders above a path; returns the ones that were not there, outermost first.
  @discardableResult public static func createFolder(
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
        for folder in created.reversed() { removeEmptyFolder(folder) }
        throw error
      }
    }
    return created
  }

  /// Makes one folder; false where something of that name is there already.
  ///
  /// - Parameter isPrivate: whether nobody but this user may look into it.
  @discardableResult public static func createNewFolder(
    _ path: String, isPrivate: Bool = false
  ) throws(FileError) -> Bool {
    if mkdir(path, isPrivate ? 0o700 : 0o777) == 0 { return true }
    guard errno == EEXIST else { throw FileError(.cannotCreate, path) }
    return false
  }

  // MARK: Moving

  /// Gives a file or folder another name; a file of that name is replaced.
  public static func move(_ path: String, to target: String) throws(FileError) {
    guard rename(path, target) == 0 else { throw FileError(.cannotCreate, target) }
  }

  /// Gives a file a second name.
  ///
  /// - Returns: false where something has that name already.
  public static func link(_ path: String, as target: String) throws(FileError) -> Bool {
    if makeLink(path, target) == 0 { return true }
    guard errno == EEXIST else { throw FileError(.cannotCreate, target) }
    return false
  }

  /// Exchanges two names in one step.
  ///
  /// - Throws: an error with the code `ENOSYS`, `EINVAL` or `ENOTSUP` where the system or the file system
  ///   cannot do it.
  public static func exchange(_ first: String, _ second: String) throws(FileError) {
    #if canImport(Darwin)
      let result = renamex_np(first, second, UInt32(RENAME_SWAP))
    #else
      // The headers show it to those alone who ask for GNU's extensions, so it is looked up by its name.
      typealias Rename =
        @convention(c) (
          Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
        ) -> Int32
      guard let function = dlsym(nil, "renameat2") else {
        throw FileError(.cannotCreate, second, code: ENOSYS)
      }
      let exchangesNames: UInt32 = 2
      let result = unsafeBitCast(function, to: Rename.self)(
        AT_FDCWD, first, AT_FDCWD, second, exchangesNames)
    #endif
    guard result == 0 else { throw FileError(.cannotCreate, second) }
  }

  /// Brings the names in a folder, and its files' bytes, to the disk itself, as far as it can do that.
  public static func flush(folder: String) {
    for name in (try? contents(of: folder)) ?? [] {
      try? OpenFile(folder + "/" + name, .read).flush()
    }
    try? OpenFile(folder, .folder).flush()
  }

  // MARK: Removing

  /// Removes a file, or a folder with all that is in it. Nothing happens where it is already gone.
  public static func remove(_ path: String) { remove(path, in: AT_FDCWD) }

  /// Removes a folder that is empty; another one stays.
  public static func removeEmptyFolder(_ path: String) { rmdir(path) }

  /// - Parameter name: need not be UTF-8.
  private static func remove(_ name: UnsafePointer<CChar>, in folder: Int32) {
    var information = stat()
    guard fstatat(folder, name, &information, AT_SYMLINK_NOFOLLOW) == 0 else { return }
    guard information.st_mode & S_IFMT == S_IFDIR else {
      unlinkat(folder, name, 0)
      return
    }
    let descriptor = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    if descriptor >= 0, let stream = fdopendir(descriptor) {
      for name in names(in: stream) {
        name.withUnsafeBufferPointer {
          $0.withMemoryRebound(to: CChar.self) { remove($0.baseAddress!, in: dirfd(stream)) }
        }
      }
      closedir(stream)
    } else if descriptor >= 0 {
      close(descriptor)
    }
    unlinkat(folder, name, AT_REMOVEDIR)
  }
}

/// The system's function, which ``Files/link(_:as:)`` would hide.
private func makeLink(_ path: String, _ target: String) -> Int32 { link(path, target) }
