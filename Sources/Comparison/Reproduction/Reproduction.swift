import Classifiers
import Datasets
import ModelFiles
import SavedModels
import Support

/// Trains the models of a run, or one saved model, again as their files say, and compares what they were saved as with
/// what comes out, byte by byte.
///
///     let reproduction = try Reproduction(of: "models", data: "stones.csv", testData: nil)
///     let models = try reproduction.run(threads: 2)
///     models.allSatisfy(\.isEqual)
///
/// Nothing of a file depends on the time, the machine or the number of threads, so that all bytes can be compared but
/// the version of the program: that of the file is written to what is made again.
public struct Reproduction: Sendable {
  /// The folder of each model, by the models' names.
  let folders: [(name: String, path: String)]
  /// Whether the folders must have all files that a run writes, and not the model's alone.
  let areOfRun: Bool
  /// What to do, with the table where it is now.
  let request: RunRequest
  /// The SHA-256 of the table, and of the one of the test rows.
  let dataSHA256: String
  let testDataSHA256: String?
  /// The names that the files had.
  let fileName: String
  let testFileName: String?

  /// Reads what is to be made again.
  ///
  /// - Parameters:
  ///   - path: the folder of a run or of a saved model, or its file.
  ///   - data: where the table is now; `nil` for where it was, or for what the current folder has under its name.
  ///   - testData: the same of the second table; `nil` for where it was, or for what is beside the first.
  /// - Throws: ``RequestError``, ``ModelFileError`` or ``FileError`` where that is not known.
  public init(of path: String, data: String?, testData: String?) throws {
    let folder = Files.withoutSlash(ModelFileSet.folder(of: path))
    let isModel = Files.exists(folder + "/" + ModelFile.name)
    guard isModel || Files.exists(folder + "/" + RequestDocument.fileName) else {
      throw RequestError(
        .missingFile,
        Files.exists(folder + "/" + SweepPlan.fileName)
          ? "\(path): expected the folder of a run or of a model, found that of a sweep; its best is a run "
            + "below \(folder)/best, when it is registered"
          : "\(path): expected the folder of a run or of a model, found no \(ModelFile.name) and no "
            + "\(RequestDocument.fileName) in it")
    }
    self =
      isModel
      ? try Self(ofModel: folder, data, testData) : try Self(ofRun: folder, data, testData)
  }

  private init(ofModel folder: String, _ data: String?, _ testData: String?) throws {
    let file = folder + "/" + ModelFile.name
    let model = try ModelFileSet(folder: folder).model.description
    guard let known = try model.runRequest(at: file) else {
      throw RequestError(
        .badData,
        "\(file): expected \"request\" in __metadata__, which says how the model was made, found none; it was "
          + "saved by an earlier version of the program")
    }
    var request = known
    request.data = data ?? Self.place(of: model.training.fileName)
    folders = [(model.algorithm.rawValue, folder)]
    areOfRun = false
    (fileName, dataSHA256) = (model.training.fileName, model.training.sha256)
    if case .testData(let name, let sha256) = model.training.split {
      request.testData = testData ?? "\(Files.folder(of: request.data))/\(name)"
      (testFileName, testDataSHA256) = (name, sha256)
    } else {
      (request.testData, testFileName, testDataSHA256) = (nil, nil, nil)
    }
    self.request = request
    try check()
  }

  private init(ofRun folder: String, _ data: String?, _ testData: String?) throws {
    let document = try RunFolder(resuming: folder).requestDocument()
    var request = document.request.ofModels
    request.candidates = request.candidates.filter {
      Files.exists("\(folder)/\($0.algorithm.rawValue)/\(ModelFile.name)")
    }
    guard !request.candidates.isEmpty else {
      throw RequestError(
        .missingFile, "\(folder): expected the folder of a run with models, found none")
    }
    folders = request.candidates.map {
      ($0.algorithm.rawValue, "\(folder)/\($0.algorithm.rawValue)")
    }
    areOfRun = true
    let training = try ModelFile(contentsOf: folders[0].path + "/" + ModelFile.name)
      .description.training
    fileName = training.fileName
    if case .testData(let name, _) = training.split {
      testFileName = name
    } else {
      testFileName = nil
    }
    request.data = data ?? request.data
    request.testData = request.testData.map { testData ?? $0 }
    (dataSHA256, testDataSHA256) = (document.dataSHA256, document.testDataSHA256)
    self.request = request
    try check()
  }

  /// Where a table of that name is likely to be.
  private static func place(of name: String) -> String {
    let usual = RunRequest.standard.data
    return !Files.exists(name) && Files.name(of: usual) == name ? usual : name
  }

  /// Refuses what is not there.
  private func check() throws(RequestError) {
    for (path, option, sha256) in [
      (request.data, "--data", dataSHA256),
      (request.testData ?? request.data, "--test-data", testDataSHA256 ?? dataSHA256),
    ] where path == "-" || !Files.exists(path) {
      throw RequestError(
        .missingFile,
        "\(path == "-" ? "the standard input" : path): expected the table that was learned from (SHA-256 "
          + "\(sha256)), found none; name it with \(option)")
    }
  }
}
