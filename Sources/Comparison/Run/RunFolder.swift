import JSON
public import Support

/// The folder that keeps one run of the program.
///
/// Each model's folder is written under a temporary name and renamed when it is whole;
/// `comparison.json` comes last. So a killed run leaves whole models only, and a folder without
/// `comparison.json` is plainly unfinished.
public final class RunFolder: RunRecorder {
  private let place: Place
  private let state: Mutex<State>

  /// Where the folder is to be.
  private enum Place {
    /// There and nowhere else.
    case exactly(String)
    /// Under that name, with a number behind it where the name is taken.
    case unused(String)
    /// There already, from a run that was stopped.
    case left(String)
  }

  private struct State {
    var path: String
    /// Whether there may be something of ours in the folder.
    var isMade = false
    /// The folders that were made for this run, outermost first.
    var created: [String] = []
    var finishedModels: [String] = []
    /// What the run was asked for; `nil` before it begins.
    var request: RunRequest?
    /// How many fits on folds, and on other divisions, are on disk.
    var finishedFits: [String: Int] = [:]
    var isClosed = false
    /// Whether each model is written as an ONNX graph, too.
    var writesGraphs = false

    /// Counts a fit by the first folder of its place.
    mutating func count(_ place: String) {
      finishedFits[String(place.prefix { $0 != "/" }), default: 0] += 1
    }

    /// What is on disk, in words.
    var kept: [String] {
      finishedModels
        + finishedFits.sorted { $0.key > $1.key }.map { kind, count in
          "\(count) run\(count == 1 ? "" : "s") on \(kind)"
        }
    }
  }

  /// A folder at exactly that path, which must be new or empty.
  public init(path: String) throws(FileError) {
    place = .exactly(path)
    state = Mutex(State(path: path))
    try Self.checkIsUnused(path)
  }

  /// A new folder at that path, or at `path-2`, `path-3` and so on where others have it.
  public init(unusedFrom path: String) {
    place = .unused(path)
    state = Mutex(State(path: path))
  }

  /// The default path of a new folder: `runs/<UTC time>-<seed>`, such as `runs/20260131T235959Z-42`.
  public static func newPath(seed: UInt32) -> String {
    "runs/\(Timestamp.now.fileNameText)-\(seed)"
  }

  /// The folder that a stopped run has left, to go on with it.
  public init(resuming path: String) throws(FileError) {
    _ = try Files.contents(of: path)
    place = .left(path)
    state = Mutex(State(path: path))
  }

  /// The folder of a stopped run and what it was asked for, or that of a new run, which is not made yet.
  ///
  /// - Parameters:
  ///   - path: where a new run's folder is to be, new or empty; `nil` for a path of the time and the seed.
  ///   - begun: the folder of a run to resume.
  public static func begin(
    at path: String?, resuming begun: String?, seed: UInt32?
  ) throws -> (folder: RunFolder, begun: RequestDocument?) {
    if let begun {
      let folder = try RunFolder(resuming: begun)
      return (folder, try folder.requestDocument())
    }
    if let path { return (try RunFolder(path: path), nil) }
    return (RunFolder(unusedFrom: newPath(seed: seed ?? RunRequest.standard.seed)), nil)
  }

  /// Where the folder is; settled once it is created.
  public var path: String { state.withLock(\.path) }

  /// The models whose results are on disk.
  public var finishedModels: [String] { state.withLock(\.finishedModels) }

  /// Makes the folder, and tries whether it can be written to.
  public func create() throws(FileError) {
    try state.withLock { state throws(FileError) in
      guard !state.isClosed else { return }
      switch place {
      case .exactly(let path):
        state.created = try Files.createFolder(path)
        // Made by another run since we looked.
        if !state.created.contains(path) { try Self.checkIsUnused(path) }
      case .unused(let name):
        state.created = try Files.createFolder(above: name)
        var path = name
        var number = 2
        while try !Files.createNewFolder(path) {
          path = "\(name)-\(number)"
          number += 1
        }
        state.path = path
        state.created.append(path)
      case .left: break
      }
      state.isMade = true
      let probe = state.path + "/.writable"
      try Files.write([UInt8](), to: probe)
      Files.remove(probe)
    }
  }

  /// Makes the folder with its `request.json`.
  public func begin(_ run: PreparedRun) throws {
    try create()
    state.withLock {
      $0.request = run.request
      $0.writesGraphs = run.conduct.writesGraphs
    }
    if case .left = place { return }
    try write(try JSONDocument.encode(run.document), as: RequestDocument.fileName)
  }

  public func record(_ run: EvaluatedModel) throws {
    let (request, writesGraphs) = state.withLock { ($0.request, $0.writesGraphs) }
    let files = try RunFiles.files(of: run, request, withGraph: writesGraphs)
    try state.withLock { state in
      try Self.write(files, as: run.name, state)
      if !state.isClosed { state.finishedModels.append(run.name) }
    }
  }

  /// Keeps what a model scored on one division of the rows.
  func record(_ document: DivisionDocument, at name: String) throws {
    let files = [(name: DivisionDocument.fileName, bytes: try JSONDocument.encode(document))]
    try state.withLock { state in
      try Self.write(files, as: name, state)
      if !state.isClosed { state.count(name) }
    }
  }

  /// What a model scored on one division of the rows, if it is on disk.
  func divisionDocument(at name: String) throws -> DivisionDocument? {
    let file = "\(path)/\(name)/\(DivisionDocument.fileName)"
    guard Files.exists(file) else { return nil }
    let document = try JSONDocument.decode(DivisionDocument.self, from: file)
    state.withLock { $0.count(name) }
    return document
  }

  /// Writes a folder of files under a temporary name, then gives it its name. One that is there already
  /// is whole, and stays.
  private static func write(
    _ files: [(name: String, bytes: [UInt8])], as name: String, _ state: borrowing State
  ) throws {
    let target = "\(state.path)/\(name)"
    guard !state.isClosed, !Files.exists(target) else { return }
    let partial = "\(state.path)/.\(name.replacing("/", with: "-")).partial"
    try Files.createFolder(partial)
    for (name, bytes) in files { try Files.write(bytes, to: partial + "/" + name) }
    try Files.createFolder(above: target)
    try Files.move(partial, to: target)
  }

  /// Writes a file that is about the run as a whole, before ``finish(_:)``.
  public func write(_ bytes: [UInt8], as name: String) throws(FileError) {
    try state.withLock { state throws(FileError) in
      guard !state.isClosed else { return }
      try Files.write(bytes, to: state.path + "/" + name)
    }
  }

  /// Removes a file that an earlier end of the run has left, and that this one does not write.
  public func remove(_ name: String) {
    state.withLock { state in
      if !state.isClosed { Files.remove(state.path + "/" + name) }
    }
  }

  /// Writes what only the report needs, the models' cards, then `comparison.json`, which says that the run is whole.
  public func finish(_ document: ComparisonDocument) throws {
    if let data = document.reportData {
      try write(JSONDocument.encode(data), as: ReportData.fileName)
    } else {
      remove(ReportData.fileName)
    }
    if let request = state.withLock(\.request) {
      for name in finishedModels {
        guard let card = ModelCard(of: name, in: document, request) else { continue }
        try write(card.bytes, as: "\(name)/\(ModelCard.fileName)")
      }
    }
    try write(Array(document.openMetrics.utf8), as: ComparisonDocument.metricsFileName)
    try write(try document.json(), as: ComparisonDocument.fileName)
  }

  /// What the run was asked for, as it was written when it began.
  public func requestDocument() throws(FileError) -> RequestDocument {
    let file = path + "/" + RequestDocument.fileName
    guard Files.exists(file) else {
      throw FileError(
        .cannotRead, path,
        "expected \(RequestDocument.fileName), with which every run begins, found none")
    }
    return try JSONDocument.decode(RequestDocument.self, from: file)
  }

  /// Ends writing: removes what is half-written, and where nothing was finished every folder that was
  /// made for this run.
  ///
  /// - Parameter isInUse: whether others have something of the run, which must then be there to be resumed.
  /// - Returns: what is kept.
  @discardableResult public func abandon(isInUse: Bool = false) -> [String] {
    state.withLock { state in
      guard !state.isClosed else { return state.kept }
      state.isClosed = true
      guard state.isMade else { return [] }
      for name in (try? Files.contents(of: state.path)) ?? [] where name.hasSuffix(".partial") {
        Files.remove(state.path + "/" + name)
      }
      // One that another run has put something into is not empty, and stays.
      if state.kept.isEmpty, !isInUse {
        if case .left = place { return [] }
        Files.remove(state.path + "/" + RequestDocument.fileName)
        for folder in state.created.reversed() { Files.removeEmptyFolder(folder) }
      }
      return state.kept
    }
  }

  private static func checkIsUnused(_ path: String) throws(FileError) {
    guard Files.exists(path) else { return }
    let contents: [String]
    do throws(FileError) {
      contents = try Files.contents(of: path)
    } catch {
      throw error.met(while: .cannotCreate)
    }
    guard contents.isEmpty else {
      throw FileError(
        .cannotCreate, path,
        "expected a new or an empty folder, found one with \(contents.count) entries, such as "
          + "\"\(contents[0])\"; name another with --output")
    }
  }
}
