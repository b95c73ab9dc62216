public import Comparison
public import Support

/// What a run that ended early leaves.
public struct KeptResults: Hashable, Sendable {
  /// The models whose results are whole, and the folds in words.
  public let models: [String]
  /// The folder that has them.
  public let path: String
  /// Whether the folder has something for Comet.
  public let isWorthSending: Bool

  /// Ends all writing and sending.
  init(abandoning folder: RunFolder, _ comet: CometRecorder) {
    // Comet's files first: they stand in the folder that goes where nothing is kept.
    isWorthSending = comet.abandon()
    models = folder.abandon(isInUse: isWorthSending)
    path = folder.path
  }

  /// Does the work of a run, and says what is kept where a signal or an error ends it.
  ///
  /// - Parameter advice: follows what is said when a signal ends the run.
  /// - Throws: ``UnfinishedRun`` for what the work throws.
  public static func telling<Result>(
    of folder: RunFolder, _ comet: CometRecorder, advice: String = "", _ work: () throws -> Result
  ) throws(UnfinishedRun) -> Result {
    Interruption.install(for: "compare-models") {
      KeptResults(abandoning: folder, comet).interruption + advice
    }
    do {
      return try work()
    } catch {
      throw UnfinishedRun(error, KeptResults(abandoning: folder, comet))
    }
  }

  /// What is said when a signal ends the run.
  var interruption: String {
    guard let kept else { return "interrupted before a model was finished; nothing was kept" }
    return "interrupted; \(kept)\(upload)"
  }

  /// What follows the error that ended the run.
  fileprivate var remark: String { kept.map { "; \($0)\(upload)" } ?? "" }

  private var kept: String? {
    if models.isEmpty {
      return isWorthSending
        ? "no model is finished; to go on: compare-models --resume \(path)" : nil
    }
    return "finished and kept in \(path): \(models.joined(separator: ", "))"
  }

  private var upload: String {
    isWorthSending ? "; for Comet: \(CometOutcome.uploadCommand(path))" : ""
  }
}

/// A run that failed, or that could not be registered, and what is left of it.
public struct UnfinishedRun: ExitStatusProviding, CustomStringConvertible {
  private let cause: any Error
  /// What follows the error: what was kept, and what to do with it.
  private let remark: String

  init(_ cause: any Error, _ kept: KeptResults) {
    self.cause = cause
    remark = kept.remark
  }

  /// - Parameter commands: what registers the run.
  init(_ cause: any Error, toRegister commands: String) {
    self.cause = cause
    remark = "; the run is kept; to register it: \(commands)"
  }

  public var description: String { "\(cause)\(remark)" }
  public var exitStatus: Int32 { (cause as? any ExitStatusProviding)?.exitStatus ?? 70 }
}
