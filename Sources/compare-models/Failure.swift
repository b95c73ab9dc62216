import Classifiers
import Datasets
import ModelComparison

/// What is said and returned when the job fails; statuses are those of sysexits.
struct Failure {
  let status: Int32
  let message: String

  init(_ error: any Error) {
    message = "\(error)"
    status =
      switch error {
      case let error as DatasetError:
        switch error.kind {
        case .missingFile: 66
        case .badData: 65
        case .badRequest: 64
        }
      case is ParameterError: 64
      case is FitError: 65
      case let error as FileError:
        switch error.kind {
        case .cannotCreate: 73
        case .cannotWrite: 74
        }
      default: 70
      }
  }
}
