import ModelComparison
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The folder of a sweep, in which any number of processes on any number of machines may work at once.
///
/// Nothing is locked. Every run is a folder, written under a name that no other process uses and renamed
/// when it is whole, so that it is there whole or not at all. Two that make the same run write the same
/// bytes; the first one's stay.
public final class SweepFolder: Sendable {
  public let path: String
  /// What is being written, each under the host's name and the process's number.
  private var partials: String { path + "/.partial" }
  /// Held while something is written, so that the end of the process leaves nothing half-written.
  private let isClosed = Mutex(false)
  /// How many things this process has begun to write, in all its folders.
  private static let partialCount = Atomic(0)

  public init(path: String) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  // MARK: The plan

  /// What the folder was begun with; `nil` where nothing was begun there.
  public func plan() throws -> SweepPlan? {
    let file = path + "/" + SweepPlan.fileName
    guard FileSystem.exists(file) else { return nil }
    return try SweepPlan(fromFile: FileSystem.read(file), path: file)
  }

  /// Makes the folder with its plan, or goes on with one that has the same plan.
  public func begin(_ plan: SweepPlan) throws {
    if let begun = try self.plan() {
      try plan.check(continues: begun, at: path)
    } else {
      let others = (FileSystem.contents(of: path) ?? []).filter { $0 != ".partial" }
      if let other = others.min(), try self.plan() == nil {
        throw FileError(
          .cannotCreate, path,
          "expected a new or an empty folder, or one of a sweep, found one with \(others.count) "
            + "entries, such as \"\(other)\"; name another with --output")
      }
      try write(plan)
      guard let begun = try self.plan() else { throw FileError.last(.cannotRead, path) }
      try plan.check(continues: begun, at: path)
    }
    removeLeftovers()
  }

  /// Several processes may come here at once: the first one's plan stays.
  private func write(_ plan: SweepPlan) throws {
    try writing { partial in
      let target = path + "/" + SweepPlan.fileName
      try FileSystem.write(plan.file, to: partial)
      if link(partial, target) == 0 || errno == EEXIST { return }
      // Some file systems have no links.
      if !FileSystem.exists(target) { try FileSystem.move(partial, to: target) }
    }
  }

  // MARK: Runs

  /// What a run scored; `nil` where it is not there, or damaged.
  func scores(of run: SweepRun) throws -> RunScores? {
    let file = "\(path)/\(run.place)/\(RunScores.fileName)"
    guard let bytes = try? FileSystem.read(file) else { return nil }
    return try RunScores(fromFile: bytes, of: run, path: file)
  }

  /// How long it took; `nil` where that is not known.
  func timing(of run: SweepRun) -> RunTiming? {
    (try? FileSystem.read("\(path)/\(run.place)/\(RunTiming.fileName)")).flatMap {
      RunTiming(fromFile: $0)
    }
  }

  /// Keeps a run, unless it is there already.
  func record(_ run: SweepRun, _ scores: RunScores, _ timing: RunTiming) throws {
    try record(
      run,
      files: [
        (RunScores.fileName, scores.file(of: run)), (RunTiming.fileName, timing.file()),
      ])
  }

  /// Copies a run from another folder of the same sweep.
  func copy(_ run: SweepRun, from other: SweepFolder) throws {
    let files = try [RunScores.fileName, RunTiming.fileName].map {
      ($0, try FileSystem.read("\(other.path)/\(run.place)/\($0)"))
    }
    try record(run, files: files)
  }

  private func record(_ run: SweepRun, files: [(name: String, bytes: [UInt8])]) throws {
    let target = "\(path)/\(run.place)"
    try writing { partial in
      do {
        _ = try FileSystem.createFolder(partial)
        for (name, bytes) in files { try FileSystem.write(bytes, to: partial + "/" + name) }
        try FileSystem.createFolder(above: target)
        try FileSystem.move(partial, to: target)
      } catch {
        // Another process was faster.
        if try scores(of: run) != nil { return }
        // What stands there is damaged.
        if FileSystem.exists(target) { try? FileSystem.move(target, to: partial + "-damaged") }
        FileSystem.remove(partial + "-damaged")
        throw error
      }
    }
  }

  // MARK: Files of the whole sweep

  /// Writes a file as a whole.
  func write(_ name: String, _ body: (FileText) throws -> Void) throws {
    try writing { partial in
      let text = try FileText(path: partial)
      try body(text)
      try text.finish()
      try FileSystem.move(partial, to: path + "/" + name)
    }
  }

  // MARK: What is being written

  /// Does what writes, one thing at a time; once the folder is closed, it waits for the process's end.
  ///
  /// A merge that found all runs removes what others are writing: then it is tried again.
  ///
  /// - Parameter body: gets a name to write under, and renames what it wrote.
  private func writing(_ body: (_ partial: String) throws -> Void) throws {
    try isClosed.withLock { isClosed in
      while isClosed { pause() }
      for attempt in 1...5 {
        let partial = newPartial()
        defer { FileSystem.remove(partial) }
        do {
          _ = try FileSystem.createFolder(partials)
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
    for name in FileSystem.contents(of: partials) ?? [] where name.hasPrefix(Host.name + "-") {
      let parts = name.dropFirst(Host.name.count + 1).split(separator: "-")
      guard let process = parts.first.flatMap({ pid_t($0) }) else { continue }
      if process != getpid(), kill(process, 0) != 0, errno == ESRCH {
        FileSystem.remove(partials + "/" + name)
      }
    }
  }

  /// Removes everything that is being written: all runs are there.
  func removePartials() { FileSystem.remove(partials) }

  /// Ends writing, and removes what is half-written.
  public func abandon() {
    isClosed.withLock { isClosed in
      isClosed = true
      let own = "\(Host.name)-\(getpid())-"
      for name in FileSystem.contents(of: partials) ?? [] where name.hasPrefix(own) {
        FileSystem.remove(partials + "/" + name)
      }
      // Only where nobody else is writing.
      rmdir(partials)
    }
  }
}

/// The machine that this process runs on.
enum Host {
  /// Its name, of characters that a file's name may have.
  static let name: String = {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return "unknown" }
    let name = String(
      decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return String(name.map { $0 == "/" || $0 == "\0" ? "_" : $0 })
  }()
}

/// A file that is written piece by piece, through a buffer.
final class FileText {
  private let path: String
  private let stream: UnsafeMutablePointer<FILE>
  private var buffer: [UInt8] = []
  private var isWhole = true

  init(path: String) throws(FileError) {
    guard let stream = fopen(path, "wb") else { throw .last(.cannotCreate, path) }
    self.path = path
    self.stream = stream
    buffer.reserveCapacity(1 << 17)
  }

  func append(_ text: String) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count > 1 << 16 { flush() }
  }

  private func flush() {
    let written = fwrite(buffer, 1, buffer.count, stream)
    if written < buffer.count { isWhole = false }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes what is left, and closes the file.
  func finish() throws(FileError) {
    flush()
    let isFlushed = fflush(stream) == 0
    let error = FileError.last(.cannotWrite, path)
    let isClosed = fclose(stream) == 0
    guard isWhole, isFlushed, isClosed else { throw error }
  }
}
