import JSON
import Support

/// The files of a saved model, checked one by one and against each other.
public struct ModelFileSet: Sendable {
  public let model: ModelFile
  public let preprocessing: SavedPreprocessing

  /// Joins a model and its preprocessing, which must agree on features and classes.
  public init(
    _ model: ModelFile, _ preprocessing: SavedPreprocessing
  ) throws(ModelFileError) {
    try preprocessing.checkFits(model.description)
    self.model = model
    self.preprocessing = preprocessing
  }

  /// Reads a folder with `model.safetensors`, `scaler.json`, `labelEncoder.json` and the encoders of the
  /// columns: a model's folder of a run, or a downloaded one.
  ///
  /// - Throws: for a run's folder an error that names the models in it.
  public init(folder: String) throws(ModelFileError) {
    try Self.refuseRun(folder: folder)
    let preprocessing = try SavedPreprocessing(folder: folder)
    try self.init(ModelFile(contentsOf: folder + "/" + ModelFile.name), preprocessing)
  }

  /// The folder of a model that is named by it, or by its `model.safetensors`.
  public static func folder(of path: String) -> String {
    Files.name(of: path) == ModelFile.name && !Files.isFolder(path) ? Files.folder(of: path) : path
  }

  /// Refuses a run's folder, which has no model but folders of models, with their names.
  public static func refuseRun(folder: String) throws(ModelFileError) {
    guard !Files.exists(folder + "/" + ModelFile.name) else { return }
    let models = ((try? Files.contents(of: folder)) ?? [])
      .map { folder + (folder.hasSuffix("/") ? "" : "/") + $0 }
      .filter { Files.exists($0 + "/" + ModelFile.name) }
    guard models.isEmpty else {
      throw ModelFileError(
        .missingFile, folder,
        "expected the folder of a model, found that of a run; give one of its models: "
          + models.listed())
    }
  }
}

extension SavedPreprocessing {
  /// Checks that a model has these features and classes.
  package func checkFits(_ description: ModelDescription) throws(ModelFileError) {
    func check(_ what: String, _ model: [String], _ files: [String], _ file: String)
      throws(ModelFileError)
    {
      guard
        model.elementsEqual(files, by: { $0.unicodeScalars.elementsEqual($1.unicodeScalars) })
      else {
        throw ModelFileError(
          .badData, file,
          "the \(what) are \(Self.listed(files)), those of \(ModelFile.name) "
            + "\(Self.listed(model)); the files do not belong together")
      }
    }
    try check("columns", description.featureNames, featureNames, Self.scalerFileName)
    try check("classes", description.classNames, classNames, Self.labelEncoderFileName)
  }

  private static func listed(_ names: [String]) -> String {
    let shown = names.prefix(12).map(JSONReader.quoted).joined(separator: ", ")
    return names.count > 12 ? shown + ", …" : shown
  }
}
