import Support

/// The folder of a sweep, in which any number of processes on any number of machines may work at once.
///
/// Every run is a folder that appears when it is whole. Two processes that make the same run write the same
/// bytes; the first one's stay.
public final class SweepFolder: Sendable {
  private let folder: SharedFolder
  public var path: String { folder.path }

  public init(path: String) { folder = SharedFolder(path: path) }

  // MARK: The plan

  /// The file that the folder is begun with.
  var planPath: String { path + "/" + SweepPlan.fileName }

  /// What the folder was begun with; `nil` where nothing was begun there.
  public func plan() throws -> SweepPlan? {
    guard Files.exists(planPath) else { return nil }
    return try SweepPlan(fromFile: Files.read(planPath), path: planPath)
  }

  /// Makes the folder with its plan, or goes on with one that has the same plan.
  public func begin(_ plan: SweepPlan) throws {
    try folder.begin(with: SweepPlan.fileName, plan.file, kind: "a sweep")
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
        (RunScores.fileName, scores.file(of: run)), (RunTiming.fileName, timing.file()),
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
    try folder.write(run.place, files: files) { try scores(of: run) != nil }
  }

  // MARK: The whole sweep

  /// Writes a file as a whole.
  func write(_ name: String, _ body: (AtomicFile) throws -> Void) throws {
    try folder.write(name, body)
  }

  /// Removes everything that is being written: all runs are there.
  func removePartials() { folder.removePartials() }

  /// Ends writing, and removes what is half-written.
  public func abandon() { folder.abandon() }
}
