import Synchronization

/// The folder that keeps one run of the program.
///
/// Each model's folder is written under a temporary name and renamed when it is whole;
/// `comparison.json` comes last. So a killed run leaves whole models only, and a folder without
/// `comparison.json` is plainly unfinished.
public final class RunFolder: RunRecorder {
  public let path: String
  private let state = Mutex(State())

  private struct State {
    var created: [String] = []
    var finishedModels: [String] = []
    var isClosed = false
  }

  /// Checks that the folder is not there yet, or empty.
  public init(path: String) throws(FileError) {
    self.path = path
    guard FileSystem.exists(path) else { return }
    guard let contents = FileSystem.contents(of: path) else {
      throw FileError(.cannotCreate, path, "expected a folder, found a file")
    }
    guard contents.isEmpty else {
      throw FileError(
        .cannotCreate, path,
        "expected a new or an empty folder, found \(contents.count) files in it")
    }
  }

  /// Makes the folder.
  public func create() throws(FileError) {
    let created = try FileSystem.createFolder(path)
    state.withLock { $0.created = created }
    let probe = path + "/.writable"
    try FileSystem.write([UInt8](), to: probe)
    FileSystem.remove(probe)
  }

  /// The models whose results are on disk.
  public var finishedModels: [String] { state.withLock(\.finishedModels) }

  public func record(_ run: RunReport) throws {
    let partial = "\(path)/.\(run.name).partial"
    let files = try RunFiles.files(of: run)
    try state.withLock { state in
      guard !state.isClosed else { return }
      _ = try FileSystem.createFolder(partial)
      for (name, bytes) in files { try FileSystem.write(bytes, to: partial + "/" + name) }
      try FileSystem.move(partial, to: "\(path)/\(run.name)")
      state.finishedModels.append(run.name)
    }
  }

  /// Writes `comparison.json`, which says that the run is whole.
  public func finish(_ comparison: ComparisonDocument) throws {
    let bytes = try comparison.json()
    try state.withLock { state in
      guard !state.isClosed else { return }
      try FileSystem.write(bytes, to: path + "/comparison.json")
    }
  }

  /// Ends writing: removes what is half-written, and everything where no model was finished.
  ///
  /// - Returns: the models that are kept.
  @discardableResult public func abandon() -> [String] {
    state.withLock { state in
      state.isClosed = true
      for name in FileSystem.contents(of: path) ?? [] where name.hasSuffix(".partial") {
        FileSystem.remove(path + "/" + name)
      }
      if state.finishedModels.isEmpty {
        for folder in state.created.reversed() where folder == path || folder.hasSuffix("runs") {
          if FileSystem.contents(of: folder)?.isEmpty == true { FileSystem.remove(folder) }
        }
      }
      return state.finishedModels
    }
  }
}
