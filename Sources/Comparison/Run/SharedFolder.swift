import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A folder that any number of processes on any number of machines may write to at once.
///
/// Nothing is locked. What is written has a name that no other process uses, below `.partial`, and is
/// renamed when it is whole: it is there whole or not at all, and what was there first stays.
package final class SharedFolder: Sendable {
  /// Without a slash at its end.
  package let path: String
  private var partials: String { path + "/.partial" }
  /// Held while something is written, so that the end of the process leaves nothing half-written.
  private let isClosed = Mutex(false)
  /// How many things this process has begun to write, in all its folders.
  private static let partialCount = Atomic(0)

  package init(path: String) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  /// Makes the folder with a file that says what it is for, unless another process was faster.
  ///
  /// - Parameter kind: what may be there already, such as "a sweep".
  /// - Throws: ``FileError`` where something else is there.
  package func begin(with name: String, _ bytes: [UInt8], kind: String) throws {
    let target = path + "/" + name
    if !Files.exists(target) {
      let others = ((try? Files.contents(of: path)) ?? []).filter { $0 != ".partial" }
      if let other = others.first, !Files.exists(target) {
        throw FileError(
          .cannotCreate, path,
          "expected a new or an empty folder, or one of \(kind), found one with \(others.count) "
            + "entries, such as \"\(other)\"; name another with --output")
      }
      try writing { partial in
        try Files.write(bytes, to: partial)
        do throws(FileError) {
          // False where another process was faster: its file stays.
          _ = try Files.link(partial, as: target)
        } catch {
          // Some file systems have no links.
          if !Files.exists(target) { try Files.move(partial, to: target) }
        }
      }
    }
    removeLeftovers()
  }

  /// Writes a folder of files, unless it is there.
  ///
  /// - Parameter isThere: whether another process was faster; where something else stands in the way, it
  ///   is damaged, and goes.
  package func write(
    _ place: String, files: [(name: String, bytes: [UInt8])], isThere: () throws -> Bool
  ) throws {
    let target = "\(path)/\(place)"
    try writing { partial in
      do {
        try Files.createFolder(partial)
        for (name, bytes) in files { try Files.write(bytes, to: partial + "/" + name) }
        try Files.createFolder(above: target)
        try Files.move(partial, to: target)
      } catch {
        if try isThere() { return }
        if Files.exists(target) { try? Files.move(target, to: partial + "-damaged") }
        Files.remove(partial + "-damaged")
        throw error
      }
    }
  }

  /// Writes a file piece by piece, in place of one that may be there.
  package func write(_ name: String, _ body: (AtomicFile) throws -> Void) throws {
    try writing { partial in
      let file = AtomicFile(path + "/" + name, temporary: partial)
      try Files.createFolder(above: file.path)
      try body(file)
      try file.finish()
    }
  }

  /// Does what writes, one thing at a time; once the folder is closed, it waits for the process's end.
  ///
  /// A process that found all it wants removes what others are writing: then it is tried again.
  ///
  /// - Parameter body: gets a name to write under, and renames what it wrote.
  private func writing(_ body: (_ partial: String) throws -> Void) throws {
    try isClosed.withLock { isClosed in
      while isClosed { pause() }
      for attempt in 1...5 {
        let partial = newPartial()
        defer { Files.remove(partial) }
        do {
          try Files.createFolder(partials)
          return try body(partial)
        } catch  where attempt < 5 {
          continue
        }
      }
    }
  }

  private func newPartial() -> String {
    let number = Self.partialCount.add(1, ordering: .relaxed).newValue
    return "\(partials)/\(Host.name)-\(getpid())-\(number)"
  }

  /// Removes what killed processes of this host have left.
  private func removeLeftovers() {
    for name in (try? Files.contents(of: partials)) ?? [] where name.hasPrefix(Host.name + "-") {
      let parts = name.dropFirst(Host.name.count + 1).split(separator: "-")
      guard let process = parts.first.flatMap({ pid_t($0) }) else { continue }
      if process != getpid(), kill(process, 0) != 0, errno == ESRCH {
        Files.remove(partials + "/" + name)
      }
    }
  }

  /// Removes everything that is being written: all that is wanted is there.
  package func removePartials() { Files.remove(partials) }

  /// Ends writing, and removes what is half-written.
  package func abandon() {
    isClosed.withLock { isClosed in
      isClosed = true
      let own = "\(Host.name)-\(getpid())-"
      for name in (try? Files.contents(of: partials)) ?? [] where name.hasPrefix(own) {
        Files.remove(partials + "/" + name)
      }
      // Only where nobody else is writing.
      Files.removeEmptyFolder(partials)
    }
  }
}
