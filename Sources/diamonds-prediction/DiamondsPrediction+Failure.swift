import Comet
import ModelFiles
import ModelRegistry
import PredictionService
import ProgramStart
import Support

extension DiamondsPrediction {
  static func failure(for error: any Error) -> Failure {
    let status: Int32 =
      switch error {
      case let error as RegistryError: error.exitStatus
      case let error as ModelFileError:
        switch error.kind {
        case .missingFile: 66
        case .badData: 65
        }
      case is ModelFolder.UnsettledError: 75
      case is SettingsError, is ConfigurationError, is NoModelError: 78
      case is ListeningError: 69
      case is UnhealthyError: 1
      default: 70
      }
    return Failure(status: status, message: "\(error)")
  }
}

/// Nothing says which model is to be served.
struct NoModelError: Error, CustomStringConvertible {
  var description: String {
    "no model to serve. Give one of these three: a folder with a model (--models models, such as a "
      + "model's folder of a run); the model registry of Comet (COMET_API_KEY and COMET_WORKSPACE in "
      + "the environment); or run \"make demo\", which trains a model and serves it"
  }
}

/// The address cannot be listened at.
struct ListeningError: Error, CustomStringConvertible {
  let address: String
  let problem: String
  var description: String { "cannot listen at \(address): \(problem); give another --port" }
}

/// The service does not answer as it should.
struct UnhealthyError: Error, CustomStringConvertible {
  let port: Int
  let problem: String
  var description: String { "port \(port) of this machine: \(problem)" }
}
