import Comet
public import ModelRegistry

/// The experiments that a run folder was sent to.
public struct RunExperiments: Sendable {
  private let path: String
  private let experiments: [PendingExperiment]

  /// - Throws: `JournalError` for a journal that cannot be read.
  public init(of path: String) throws {
    self.path = path
    var problem: JournalError?
    experiments = try PendingExperiment.all(at: path) { problem = problem ?? $0 }
    if let problem { throw problem }
  }

  public var workspace: String? { experiments.compactMap(\.journal.experiment.workspace).first }

  /// The experiment that has all of a model.
  public func key(of model: String) throws(RegistryError) -> String {
    let known = experiments.filter { $0.name == model && $0.journal.isFinished }
    guard let key = known.last?.journal.created?.key else {
      throw RegistryError(
        .missing,
        "\(path): Comet does not have all of \(model) yet; send it first: "
          + CometOutcome.uploadCommand(path))
    }
    return key
  }
}
