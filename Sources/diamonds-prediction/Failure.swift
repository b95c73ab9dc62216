import CometAccess
import ModelFiles
import ModelRegistry
import PredictionService
import Settings

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// What is said and returned when the service cannot run; statuses are those of sysexits.
struct Failure {
  let status: Int32
  let message: String

  /// A mistake in the options.
  init(usage message: String) {
    let line = message.split(separator: "\n").joined(separator: " ")
    let end = line.last.map { ".?".contains($0) } == true ? "" : "."
    status = 64
    self.message = "\(line)\(end) See diamonds-prediction --help."
  }

  init(_ error: any Error) {
    message = "\(error)"
    status =
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
  }

  func report() {
    let bytes = Array("diamonds-prediction: error: \(message)\n".utf8)
    // Nobody can be told when this fails.
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
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
