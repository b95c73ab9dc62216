import Comet
import ModelFiles
import ModelRegistry
import PredictionService
import ProgramStart
import Support

extension ModelFolder.UnsettledError: ExitStatusProviding {
  public var exitStatus: Int32 { 75 }
}

/// Nothing says which model is to be served.
struct NoModelError: ExitStatusProviding, CustomStringConvertible {
  var exitStatus: Int32 { 78 }
  var description: String {
    "no model to serve. Give one of these three: a folder with a model (--models models, such as a "
      + "model's folder of a run); the model registry of Comet (COMET_API_KEY and COMET_WORKSPACE in "
      + "the environment); or run \"make demo\", which trains a model and serves it"
  }
}

/// The address cannot be listened at.
struct ListeningError: ExitStatusProviding, CustomStringConvertible {
  var exitStatus: Int32 { 69 }
  let address: String
  let problem: String
  var description: String { "cannot listen at \(address): \(problem); give another --port" }
}

/// The service does not answer as it should.
struct UnhealthyError: ExitStatusProviding, CustomStringConvertible {
  var exitStatus: Int32 { 1 }
  let port: Int
  let problem: String
  var description: String { "port \(port) of this machine: \(problem)" }
}
