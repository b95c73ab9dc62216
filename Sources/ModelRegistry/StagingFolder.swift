import CRename
import Comet

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A new folder beside the one that it is to take the place of.
///
/// While it is filled it is locked, so that what a killed process has left can be told from what another
/// one is at work on. The lock goes with the process, however it ends.
final class StagingFolder: Sendable {
  /// The folder that is to be replaced, or made.
  let target: String
  let path: String
  private let descriptor: Int32

  /// - Parameter target: where the folder is to be; a link there stands for what it points at.
  init(for target: String) throws(RegistryError) {
    let target = Self.resolved(target)
    try Folder.createFolder(above: target)
    Self.removeLeftovers(of: target)
    while true {
      let path = Self.stem(target) + String(UInt64.random(in: 0...UInt64.max), radix: 16)
      guard mkdir(path, 0o777) == 0 else {
        if errno == EEXIST { continue }
        throw .last(.cannotCreate, path)
      }
      let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      if descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0, Self.names(path, descriptor) {
        self.target = target
        self.path = path
        self.descriptor = descriptor
        return
      }
      // Somebody took it for a leftover in the moment before it was locked.
      if descriptor >= 0 { close(descriptor) }
    }
  }

  deinit {
    FileNames.remove(path)
    close(descriptor)
  }

  /// Removes the folder, even while others are writing into it.
  func remove() {
    for _ in 0..<100 where access(path, F_OK) == 0 { FileNames.remove(path) }
  }

  /// Puts the folder where the old one is, in one step, and removes that.
  ///
  /// Whoever opens a file there sees the old folder or the new one. Where the system cannot exchange two
  /// names in one step, there is none for a moment.
  func takePlace() throws(RegistryError) {
    Folder.flush(path)
    if Self.exchange(path, target) {
      FileNames.remove(path)
    } else if errno == ENOENT {
      guard rename(path, target) == 0 else { throw failure() }
    } else if errno == EINVAL || errno == ENOSYS || errno == ENOTSUP {
      try takePlaceInTwoSteps()
    } else {
      throw failure()
    }
    Folder.flush(FileNames.folder(of: target))
  }

  func takePlaceInTwoSteps() throws(RegistryError) {
    let old = path + ".old"
    guard rename(target, old) == 0 else { throw failure() }
    guard rename(path, target) == 0 else {
      let error = failure()
      _ = rename(old, target)
      throw error
    }
    FileNames.remove(old)
  }

  private func failure() -> RegistryError {
    if errno == EBUSY || errno == EXDEV {
      return RegistryError(
        .cannotCreate,
        "\(target): a folder that something is mounted on, or that comes with a container's image, "
          + "cannot be replaced as a whole; take one inside of it")
    }
    return .last(.cannotCreate, target)
  }

  private static func exchange(_ first: String, _ second: String) -> Bool {
    #if canImport(Darwin)
      renamex_np(first, second, UInt32(RENAME_SWAP)) == 0
    #else
      rename_exchange(first, second) == 0
    #endif
  }

  /// How the names of folders that are being filled begin.
  private static func stem(_ target: String) -> String {
    let name = target.split(separator: "/").last.map(String.init) ?? "models"
    return "\(FileNames.folder(of: target))/.\(name).fetching-"
  }

  private static func resolved(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// Whether the path still names what the descriptor is open on.
  private static func names(_ path: String, _ descriptor: Int32) -> Bool {
    var named = stat()
    var opened = stat()
    return lstat(path, &named) == 0 && fstat(descriptor, &opened) == 0
      && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev
  }

  /// Removes what killed processes have left beside the folder that they were to replace.
  static func removeLeftovers(of target: String) {
    let target = resolved(target)
    let stem = stem(target)
    let parent = FileNames.folder(of: target)
    for name in FileNames.contents(of: parent) ?? [] {
      let path = parent + "/" + name
      guard path.hasPrefix(stem) else { continue }
      let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { FileNames.remove(path) }
      close(descriptor)
    }
  }
}
