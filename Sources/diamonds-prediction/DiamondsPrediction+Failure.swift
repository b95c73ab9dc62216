import Comet
import ModelFiles
import ModelRegistry
import NIOCore
import PredictionService
import ProgramStart
import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

extension IOError {
  /// The system's words for it.
  var reason: String { String(cString: strerror(errnoCode)) }
}

extension ModelFolder.UnsettledError: ExitStatusProviding {
  public var exitStatus: Int32 { 75 }
}

/// Nothing says which model to serve.
struct NoModelError: ExitStatusProviding, CustomStringConvertible {
  var exitStatus: Int32 { 78 }
  var description: String {
    "no model to serve. Name a folder with a model (--models models, such as a model's folder of a "
      + "run), or set COMET_API_KEY and COMET_WORKSPACE for Comet's model registry, or run "
      + "\"make demo\", which trains a model and serves it"
  }
}

/// The service cannot listen on its address.
struct ListeningError: ExitStatusProviding, CustomStringConvertible {
  var exitStatus: Int32 { 69 }
  let address: String
  let problem: String
  /// The option that leads to another address.
  var option = "--port"
  var description: String { "cannot listen on \(address): \(problem); give another \(option)" }
}

/// The service does not answer as it should.
struct UnhealthyError: ExitStatusProviding, CustomStringConvertible {
  var exitStatus: Int32 { 1 }
  let port: Int
  let problem: String
  var description: String { "port \(port) of this machine: \(problem)" }
}
