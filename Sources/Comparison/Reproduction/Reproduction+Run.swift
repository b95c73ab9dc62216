import Classifiers
import Datasets
import ModelFiles
import SavedModels
public import Support

extension Reproduction {
  /// Trains, and compares.
  ///
  /// - Parameter threads: how many threads may work; it never changes the result.
  /// - Returns: what became of each model, in the order of the run.
  /// - Throws: ``DatasetError`` for another table than the one that was learned from, with both checksums.
  public func run(threads: Int, _ progress: ProgressDisplay) throws -> [ReproducedModel] {
    let table = try request.table(threads: threads)
    try check(table.sha256, dataSHA256, at: request.data)
    if let file = table.testFile, let known = testDataSHA256 {
      try check(file.sha256, known, at: request.testData ?? "")
    }
    let run = try PreparedRun(
      request, of: table.named(fileName, testFile: testFileName),
      conduct: RunConduct(threads: threads, makesReport: false))
    let comparison = FileComparison(self, run, threads: threads)
    let evaluation = ModelEvaluation(
      threads: threads, thresholds: run.thresholds, costs: request.costs ?? [])
    _ = try evaluation.models(
      of: run.candidates, on: run.data, recorder: comparison,
      mayStart: { candidate in
        progress.watch("Fitting \(type(of: candidate).algorithm.rawValue)")
        return true
      })
    progress.end()
    return comparison.models
  }

  private func check(_ sha256: String, _ known: String, at path: String) throws(DatasetError) {
    guard sha256 == known else {
      throw DatasetError(
        .badData,
        "\(path): expected the table that was learned from, with SHA-256 \(known), found another with "
          + "\(sha256)")
    }
  }
}

/// A model that was made again.
public struct ReproducedModel: Hashable, Sendable {
  public let name: String
  /// How many files were compared, and how many bytes they have.
  public let fileCount: Int
  public let byteCount: Int
  /// What differs first in each file that differs.
  public let differences: [String]
  /// What is to be known of it.
  public let notices: [String]

  public var isEqual: Bool { differences.isEmpty }

  /// In a line, and one for each difference and notice.
  public var text: String {
    let size = "\(fileCount) files with \(NumberText.grouped(byteCount)) bytes"
    return
      (isEqual ? ["\(name): equal, \(size)"] : ["\(name): differs"] + differences.map { "  " + $0 })
      .joined(separator: "\n") + notices.map { "\n  \($0)" }.joined() + "\n"
  }
}

/// Models that are not what was made again.
public struct NotReproduced: ExitStatusProviding, Hashable, CustomStringConvertible {
  private let names: [String]
  private let count: Int

  /// `nil` where all are equal.
  public init?(_ models: [ReproducedModel]) {
    names = models.filter { !$0.isEqual }.map(\.name)
    count = models.count
    if names.isEmpty { return nil }
  }

  public var exitStatus: Int32 { 1 }
  public var description: String {
    "\(names.count) of \(count) \(count == 1 ? "model" : "models") could not be reproduced to the byte: "
      + names.listed()
  }
}

/// Compares the files of each model that was made again with those that are kept.
private final class FileComparison: RunRecorder {
  private let reproduction: Reproduction
  private let run: PreparedRun
  private let threads: Int
  private let found = Mutex<[ReproducedModel]>([])

  init(_ reproduction: Reproduction, _ run: PreparedRun, threads: Int) {
    self.reproduction = reproduction
    self.run = run
    self.threads = threads
  }

  var models: [ReproducedModel] { found.withLock(\.self) }

  func record(_ model: EvaluatedModel) throws {
    guard let folder = reproduction.folders.first(where: { $0.name == model.name })?.path else {
      return
    }
    let kept = try ModelFile(contentsOf: folder + "/" + ModelFile.name).description
    let version = kept.programVersion
    // A file of an earlier version does not say how it was made.
    let request = kept.request == nil ? nil : run.request
    let saved = try RunFiles.pipeline(of: model, request, version: version)
    var differences: [String] = []
    var files = try RunFiles.files(
      of: model, request, withGraph: Files.exists(folder + "/" + ModelFile.graphName),
      version: version)
    if let refit = kept.refit {
      files = try refitted(saved, refit, &differences)
    }
    let needed = reproduction.areOfRun ? files : try saved.files()
    files = files.filter { file in
      needed.contains { $0.name == file.name } || Files.exists(folder + "/" + file.name)
    }
    for file in files {
      let path = folder + "/" + file.name
      guard Files.exists(path) else {
        differences.append("\(file.name): is missing")
        continue
      }
      let bytes = try Files.read(path)
      if bytes == file.bytes { continue }
      differences.append(
        "\(file.name): \(difference(file.name, bytes, file.bytes, model.test.classNames))")
    }
    found.withLock {
      $0.append(
        ReproducedModel(
          name: model.name, fileCount: files.count,
          byteCount: files.reduce(0) { $0 + $1.bytes.count }, differences: differences,
          notices: version == ProgramVersion.current
            ? []
            : [
              "It was made by version \(version) of the program, and again by \(ProgramVersion.current); the "
                + "versions were not compared."
            ]))
    }
  }

  /// The files of a model that was fitted again on all rows, after its twin was compared.
  private func refitted(
    _ twin: SavedPipeline, _ refit: ModelDescription.Refit, _ differences: inout [String]
  ) throws -> [(name: String, bytes: [UInt8])] {
    let sha256 = SHA256.hexDigest(of: try twin.saved.bytes())
    if sha256 != refit.twinSHA256 {
      differences.append(
        "its twin, which did not learn from the test rows: SHA-256 \(refit.twinSHA256), made again \(sha256)"
      )
    }
    return try RefittedModel(
      of: twin.description, refit.twinSHA256, experiment: refit.twinExperiment, run.request,
      run.table, threads: threads
    ).files()
  }

  private func difference(
    _ name: String, _ kept: [UInt8], _ made: [UInt8], _ classNames: [String]
  ) -> String {
    if name == ModelFile.name {
      let found = ModelFile.differences(kept, made)
      return found.isEmpty ? "the header is written otherwise" : found.joined(separator: "; ")
    }
    guard let first = TextDifference.firstLine(kept, made) else { return "differs" }
    let text = "line \(first.line): \(first.text), made again \(first.other)"
    guard name == "predictions.csv" else { return text }
    return text + predictionDifference(kept, made, classNames)
  }

  /// Whether labels differ, or only the last digits of probabilities.
  private func predictionDifference(
    _ kept: [UInt8], _ made: [UInt8], _ classNames: [String]
  ) -> String {
    guard let old = try? TestPredictions(kept, fileName: "", classNames: classNames),
      let new = try? TestPredictions(made, fileName: "", classNames: classNames),
      old.rows == new.rows
    else { return "" }
    let count = zip(old.predicted, new.predicted).count { $0 != $1 }
    let gap = zip(old.probabilities.elements, new.probabilities.elements).reduce(0.0) {
      max($0, abs($1.0 - $1.1))
    }
    return
      "; \(count == 0 ? "no" : "\(count)") predicted class of \(old.rows.count) differs, and a "
      + "probability by \(gap) at most"
  }
}
