import Comet
public import ModelRegistry

/// The experiments that a run folder was sent to.
public struct RunExperiments: Sendable {
  /// The run folder.
  public let path: String
  public let workspace: String?
  public let project: String?
  /// The experiment that has all of a model, by the model's name.
  private let keys: [String: String]

  /// - Throws: `JournalError` for a journal that cannot be read.
  public init(of path: String) throws {
    let pending = try PendingExperiments(at: [path])
    if let problem = pending.problems.first { throw problem }
    self.init(pending.experiments, of: path)
  }

  /// Those of a run whose journals are in use.
  init(_ experiments: [PendingExperiment], of path: String) {
    self.path = path
    workspace = experiments.compactMap(\.journal.experiment.workspace).first
    project = experiments.compactMap(\.journal.experiment.project).first
    keys = Dictionary(
      experiments.compactMap { experiment in
        let journal = experiment.journal
        return journal.isFinished ? journal.created.map { (experiment.name, $0.key) } : nil
      }, uniquingKeysWith: { $1 })
  }

  /// Those of a run that was just made.
  init(_ outcome: CometOutcome, from destination: CometDestination) {
    path = outcome.folder
    (workspace, project) = (destination.workspace, destination.project)
    keys = outcome.experimentKeys
  }

  /// The experiment that has all of a model.
  public func key(of model: String) throws(RegistryError) -> String {
    guard let key = keys[model] else {
      throw RegistryError(
        .missing,
        "\(path): Comet does not have all of \(model) yet; send it first: "
          + CometOutcome.uploadCommand(path))
    }
    return key
  }
}
