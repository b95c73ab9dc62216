import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The folder of a sweep, in which any number of processes on any number of machines may work at once.
///
/// Nothing is locked. What is written has a name that no other process uses, below `.partial`, and is
/// renamed when it is whole: it is there whole or not at all. Two processes that make the same run write
/// the same bytes; the first one's stay.
public final class SweepFolder: Sendable {
  /// Without a slash at its end.
  public let path: String
  private var partials: String { path + "/.partial" }
  /// Held while something is written, so that the end of the process leaves nothing half-written.
  private let isClosed = Mutex(false)
  /// How many things this process has begun to write, in all its folders.
  private static let partialCount = Atomic(0)

  public init(path: String) { self.path = Files.withoutSlash(path) }

  // MARK: The plan

  /// The file that the folder is begun with.
  var planPath: String { path + "/" + SweepPlan.fileName }

  /// What the folder was begun with; `nil` where nothing was begun there.
  public func plan() throws -> SweepPlan? {
    guard Files.exists(planPath) else { return nil }
    return try SweepPlan(fromFile: Files.read(planPath), path: planPath)
  }

  /// Makes the folder with its plan, unless another process was faster, or continues one with the same plan.
  ///
  /// - Throws: ``FileError`` where something else is there, ``RequestError`` for another plan.
  public func begin(_ plan: SweepPlan) throws {
    if !Files.exists(planPath) {
      let others = ((try? Files.contents(of: path)) ?? []).filter { $0 != ".partial" }
      if let other = others.first, !Files.exists(planPath) {
        throw FileError(
          .cannotCreate, path,
          "expected a new or an empty folder, or one of a sweep, found one with \(others.count) "
            + "entries, such as \"\(other)\"; name another with --output")
      }
      try writing { partial in
        try Files.write(try plan.file, to: partial)
        do throws(FileError) {
          // False where another process was faster: its file stays.
          _ = try Files.link(partial, as: planPath)
        } catch {
          // Some file systems have no links.
          if !Files.exists(planPath) { try Files.move(partial, to: planPath) }
        }
      }
    }
    removeLeftovers()
    guard let begun = try self.plan() else {
      throw FileError(.cannotRead, path, "expected \(SweepPlan.fileName), found none")
    }
    try plan.check(continues: begun, at: path)
  }

  // MARK: Runs

  /// What a run scored; `nil` where it is not there, or damaged.
  func scores(of run: SweepRun) throws -> RunScores? {
    let file = "\(path)/\(run.place)/\(RunScores.fileName)"
    guard let bytes = try? Files.read(file) else { return nil }
    return try RunScores(fromFile: bytes, of: run, path: file)
  }

  /// How long it took; `nil` where that is not known.
  func timing(of run: SweepRun) -> RunTiming? {
    (try? Files.read("\(path)/\(run.place)/\(RunTiming.fileName)")).flatMap {
      RunTiming(fromFile: $0)
    }
  }

  /// Keeps a run, unless it is there already.
  func record(_ run: SweepRun, _ scores: RunScores, _ timing: RunTiming) throws {
    try record(
      run,
      files: [
        (RunScores.fileName, try scores.file(of: run)), (RunTiming.fileName, timing.file()),
      ])
  }

  /// Copies a run from another folder of the same sweep.
  func copy(_ run: SweepRun, from other: SweepFolder) throws {
    let files = try [RunScores.fileName, RunTiming.fileName].map {
      ($0, try Files.read("\(other.path)/\(run.place)/\($0)"))
    }
    try record(run, files: files)
  }

  private func record(_ run: SweepRun, files: [(name: String, bytes: [UInt8])]) throws {
    let target = "\(path)/\(run.place)"
    try writing { partial in
      do {
        try Files.createFolder(partial)
        for (name, bytes) in files { try Files.write(bytes, to: partial + "/" + name) }
        try Files.createFolder(above: target)
        try Files.move(partial, to: target)
      } catch {
        // Another process was faster, or what stands in the way is damaged, and goes.
        if try scores(of: run) != nil { return }
        if Files.exists(target) { try? Files.move(target, to: partial + "-damaged") }
        Files.remove(partial + "-damaged")
        throw error
      }
    }
  }

  // MARK: The whole sweep

  /// Writes a file piece by piece, in place of one that may be there.
  func write(_ name: String, _ body: (AtomicFile) throws -> Void) throws {
    try writing { partial in
      let file = AtomicFile(path + "/" + name, temporary: partial)
      try Files.createFolder(above: file.path)
      try body(file)
      try file.finish()
    }
  }

  /// Removes everything that is being written: all runs are there.
  func removePartials() { Files.remove(partials) }

  /// What is said when a signal ends the sweep, after ``abandon()``.
  public func interruption() -> String {
    abandon()
    return "interrupted; finished runs are kept in \(path), the same command continues"
  }

  /// Ends writing, and removes what is half-written.
  func abandon() {
    isClosed.withLock { isClosed in
      isClosed = true
      removePartials { $0 == getpid() }
      // Only where nobody else is writing.
      Files.removeEmptyFolder(partials)
    }
  }

  // MARK: Writing

  /// Does what writes, one thing at a time; once the folder is closed, it waits for the process's end.
  ///
  /// A process that found all it wants removes what others are writing: then it is tried again.
  ///
  /// - Parameter body: gets a name to write under, and renames what it wrote.
  private func writing(_ body: (_ partial: String) throws -> Void) throws {
    try isClosed.withLock { isClosed in
      while isClosed { pause() }
      for attempt in 1...5 {
        let number = Self.partialCount.add(1, ordering: .relaxed).newValue
        let partial = "\(partials)/\(Host.name)-\(getpid())-\(number)"
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

  /// Removes what killed processes of this host have left.
  private func removeLeftovers() {
    removePartials { $0 != getpid() && kill($0, 0) != 0 && errno == ESRCH }
  }

  /// Removes what some processes of this host were writing.
  private func removePartials(of isChosen: (_ process: pid_t) -> Bool) {
    for name in (try? Files.contents(of: partials)) ?? [] where name.hasPrefix(Host.name + "-") {
      let parts = name.dropFirst(Host.name.count + 1).split(separator: "-")
      if let process = parts.first.flatMap({ pid_t($0) }), isChosen(process) {
        Files.remove(partials + "/" + name)
      }
    }
  }
}
