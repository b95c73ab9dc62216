import ArgumentParser
import Classifiers
import Comet
import Comparison
import Datasets
import ModelFiles
import ModelRegistry
import ProgramStart
import Support

/// A run that failed, and what it leaves.
struct UnfinishedRun: Error {
  let cause: any Error
  /// The models whose results are whole.
  let kept: [String]
  /// The folder that has them.
  let path: String
  /// Whether the folder has something for Comet.
  let isWorthSending: Bool
}

/// A run that is whole, but could not be registered.
struct UnregisteredRun: Error {
  let cause: any Error
  /// What registers it.
  let commands: String
}

extension CompareModels {
  static func failure(for error: any Error) -> Failure {
    switch error {
    case let run as UnfinishedRun:
      let failure = failure(for: run.cause)
      let kept =
        run.kept.isEmpty
        ? ""
        : "; finished and kept in \(run.path): \(run.kept.joined(separator: ", "))"
          + (run.isWorthSending ? "; for Comet: \(CometOutcome.uploadCommand(run.path))" : "")
      return Failure(status: failure.status, message: failure.message + kept)
    case let run as UnregisteredRun:
      let failure = failure(for: run.cause)
      return Failure(
        status: failure.status,
        message: "\(failure.message); the run is kept; to register it: \(run.commands)")
    default: return Failure(status: status(for: error), message: "\(error)")
    }
  }

  private static func status(for error: any Error) -> Int32 {
    switch error {
    case let error as DatasetError:
      switch error.kind {
      case .missingFile: 66
      case .badData: 65
      case .badRequest: 64
      }
    case let error as ModelFileError:
      switch error.kind {
      case .missingFile: 66
      case .badData: 65
      }
    case let error as ResumeError:
      switch error.kind {
      case .otherData: 65
      case .otherOptions: 64
      }
    case let error as SweepError:
      switch error.kind {
      case .badRequest: 64
      case .badData: 65
      case .missingFile: 66
      case .unfinished: 75
      }
    case is ParameterError, is ValidationError: 64
    case is FitError: 65
    case let error as FileError: error.exitStatus
    case is SettingsError, is ConfigurationError: 78
    case let error as JournalError:
      switch error.kind {
      case .missing: 66
      case .cannotCreate: 73
      case .cannotWrite: 74
      case .inUse: 75
      case .empty, .damaged, .finished: 65
      }
    case let error as CometError: error.kind == .refusedKey ? 77 : 69
    case let error as RegistryError: error.exitStatus
    case is UndeliveredError: 69
    default: 70
    }
  }
}
