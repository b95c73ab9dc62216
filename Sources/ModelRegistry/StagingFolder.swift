import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A new folder beside the one that it will replace.
///
/// While it is filled it is locked, so that leftovers of a killed process can be told from a folder that
/// another process is filling. The lock goes with the process, however it ends.
final class StagingFolder: Sendable {
  /// The folder that is to be replaced, or made.
  let target: String
  let path: String
  /// Holds the lock.
  private let folder: OpenFile

  /// - Parameter target: where the folder is to be; a link there stands for what it points at.
  init(for target: String) throws(RegistryError) {
    let target = Self.resolved(target)
    self.target = target
    (path, folder) = try RegistryError.withFiles { () throws(FileError) in
      try Files.createFolder(above: target)
      Self.removeLeftovers(of: target)
      while true {
        let path = Self.stem(target) + String(UInt64.random(in: 0...UInt64.max), radix: 16)
        guard try Files.createNewFolder(path) else { continue }
        if let folder = Self.locked(path) { return (path, folder) }
        // Another process removed it as a leftover in the moment before it was locked.
      }
    }
  }

  deinit { Files.remove(path) }

  /// Removes the folder, even while others are writing into it.
  func remove() {
    for _ in 0..<100 where Files.exists(path) { Files.remove(path) }
  }

  /// Puts the folder where the old one is, in one step, and removes that.
  ///
  /// Whoever opens a file there sees the old folder or the new one. Where the system cannot exchange two
  /// names in one step, there is none for a moment.
  func takePlace() throws(RegistryError) {
    Files.flush(folder: path)
    do throws(FileError) {
      try exchangeOrMove()
    } catch {
      throw failure(error)
    }
    Files.flush(folder: Files.folder(of: target))
  }

  private func exchangeOrMove() throws(FileError) {
    do throws(FileError) {
      try Files.exchange(path, target)
      Files.remove(path)
    } catch {
      switch error.code {
      case ENOENT:
        do throws(FileError) {
          try Files.move(path, to: target)
        } catch {
          // Another process has made one meanwhile.
          guard error.code == ENOTEMPTY || error.code == EEXIST else { throw error }
          try exchangeOrMove()
        }
      case EINVAL, ENOSYS, ENOTSUP: try takePlaceInTwoSteps()
      default: throw error
      }
    }
  }

  func takePlaceInTwoSteps() throws(FileError) {
    let old = path + ".old"
    try Files.move(target, to: old)
    do throws(FileError) {
      try Files.move(path, to: target)
    } catch {
      try? Files.move(old, to: target)
      throw error
    }
    Files.remove(old)
  }

  private func failure(_ error: FileError) -> RegistryError {
    if error.code == EBUSY || error.code == EXDEV {
      return RegistryError(
        .cannotCreate,
        "\(target): a folder that something is mounted on, or that comes with a container's image, "
          + "cannot be replaced as a whole; take one inside of it")
    }
    return RegistryError(.cannotCreate, "\(target): \(error.problem)")
  }

  /// How the names of folders that are being filled begin.
  private static func stem(_ target: String) -> String {
    "\(Files.folder(of: target))/.\(Files.name(of: target)).fetching-"
  }

  private static func resolved(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return Files.absolute(path) ?? path
  }

  /// The folder, locked; `nil` where somebody else has it, or it was removed meanwhile.
  private static func locked(_ path: String) -> OpenFile? {
    guard let folder = try? OpenFile(path, .folder), folder.lock(),
      let opened = try? folder.information,
      Files.information(path, followingLinks: false)?.isSameFile(as: opened) == true
    else { return nil }
    return folder
  }

  /// Removes what killed processes have left beside the folder that they were to replace.
  static func removeLeftovers(of target: String) {
    let target = resolved(target)
    let stem = stem(target)
    let parent = Files.folder(of: target)
    for name in (try? Files.contents(of: parent)) ?? [] {
      let path = parent + "/" + name
      guard path.hasPrefix(stem), let folder = locked(path) else { continue }
      Files.remove(path)
      withExtendedLifetime(folder) {}
    }
  }
}
