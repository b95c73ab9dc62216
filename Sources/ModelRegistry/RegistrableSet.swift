import Comet
public import ModelFiles
import Support

/// A saved model that is to be registered, with what prepares its rows.
public struct RegistrableSet: Sendable {
  public let description: SetDescription
  public let model: ModelDescription
  /// The columns that the model reads.
  public let columns: [String]
  let names: SetNames
  /// What others need comes first: where there is a version of the model, there is one of all parts.
  let parts: [Part]

  /// A file that the experiment has logged, and what the registry calls it.
  struct Part: Hashable, Sendable {
    /// The name of the model that the experiment has it under.
    let loggedName: String
    let registryName: String
  }

  /// Reads and checks a model's folder of a run.
  ///
  /// - Parameters:
  ///   - experimentKey: the experiment that has logged the folder's files.
  ///   - metric: by what it was chosen, and its value on the test rows.
  public init(
    folder: String, experimentKey: String, metric: String, value: Double,
    prefix: String = SetNames.standardPrefix
  ) throws(RegistryError) {
    let files = try ModelFileSet.read(folder: folder)
    let names = SetNames(prefix: prefix)
    var parts: [Part] = []
    for (file, _) in files.preprocessing.files.reversed() {
      guard let name = names.name(ofFile: file) else { continue }
      let part = Part(
        loggedName: LoggedModelName.name(ofFile: file, classifier: ""), registryName: name)
      if let other = parts.first(where: { $0.registryName == name }) {
        throw RegistryError(
          .badData,
          "\(folder): \(other.loggedName) and \(part.loggedName) would both be \(name) in the "
            + "registry; rename one of the columns")
      }
      parts.append(part)
    }
    let model = files.model.description
    if Files.exists(folder + "/" + ModelFile.graphName) {
      parts.append(
        Part(
          loggedName: LoggedModelName.name(
            ofFile: ModelFile.graphName, classifier: model.algorithm.rawValue),
          registryName: names.graph))
    }
    parts.append(Part(loggedName: model.algorithm.rawValue, registryName: names.model))
    self.names = names
    self.parts = parts
    self.model = model
    columns = files.preprocessing.columns.map(\.name)
    description = SetDescription(
      model, metric: metric, value: value, experimentKey: experimentKey)
  }
}

/// The names under which an experiment logs the files of a saved model.
public enum LoggedModelName {
  /// The classifier's name for the model and its card and, with `-onnx`, for its graph; else the file's name without its ending.
  public static func name(ofFile file: String, classifier: String) -> String {
    if file == ModelFile.graphName { return classifier + "-onnx" }
    guard file != ModelFile.name, file != ModelFile.cardName else { return classifier }
    return file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
  }
}
