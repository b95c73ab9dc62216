import Comparison
import Datasets
import Evaluation
import JSON
import ModelFiles
import SavedModels
import Support
import TestSupport
import Testing

@testable import Report

/// Each file of a finished run that a command reads again, damaged: it is refused with an error that knows its
/// exit status, or read. 300 mutants of each file, or as many as MUTANTS says.
@Suite struct `A damaged file of a run` {
  private static let count = Mutator.count(usually: 300)
  private static let files = [
    "comparison.json", "report-data.json", "request.json", "GaussianNB/predictions.csv",
    "GaussianNB/learning-curve.json", "GaussianNB/labelEncoder.json", "GaussianNB/scaler.json",
    "GaussianNB/kFeatureLabelEncoder.json", "GaussianNB/model.safetensors", "../t.csv",
  ]

  /// A run with everything that a run can have, beside its table.
  private static let runFolder = Result<TemporaryFolder, any Error> {
    let folder = TemporaryFolder()
    let rows = (0..<60).map {
      "\(($0 * 37) % 11),\("uvw".map(String.init)[$0 % 3]),\(["no", "yes"][$0 * 7 % 5 % 2])\n"
    }
    folder.write("x,k,class\n" + rows.joined(), to: "t.csv")
    var request = RunRequest.standard
    request.data = folder.path + "/t.csv"
    request.target = TargetRule(column: "class", classes: [])
    request.folds = RunRequest.Folds(count: 3)
    request.divisions = 2
    request.learningCurveParts = 2
    try request.choose(models: "GaussianNB,DecisionTreeClassifier", without: nil, settings: [])
    for name in ["run", "other"] {
      let run = try PreparedRun(request, conduct: RunConduct(threads: 1))
      let pipeline = RunPipeline(
        run, folder: try RunFolder(path: folder.path + "/" + name), others: [],
        progress: ProgressDisplay(.quiet))
      _ = try pipeline.document()
    }
    return folder
  }

  /// Everything that the commands make of a run's folder.
  private static func use(_ folder: String) throws {
    let request = try RunFolder(resuming: folder + "/run").requestDocument()
    _ = try request.request.classifiers()
    _ = request.request.command
    try request.check(asked: request.request, at: folder)
    let run = try FinishedRun(contentsOf: folder + "/run")
    let other = try FinishedRun(contentsOf: folder + "/other")
    _ = ReportFile.bytes(of: run, links: [:], threads: 1)
    _ = ReportFile.bytes(comparing: [run, other], sortBy: nil) { _ in [:] }
    for format in OutputFormat.allCases {
      _ = try run.document.printed(as: format, sortedBy: .f1, style: TextStyle(width: 80))
    }
    let differences = RunDifferences([
      try RunDifferences.Run(folder: folder + "/run"),
      try RunDifferences.Run(folder: folder + "/other"),
    ])
    for format in TableFormat.allCases {
      _ = differences.printed(as: format, verdict: nil, style: TextStyle(width: 80))
    }
    for metric in [Metric.f1, .accuracy, .rocAUC, .logLoss] {
      _ = try? RunVerdict(of: run, against: other, by: metric)
    }
    let pipeline = try SavedPipeline(folder: folder + "/run/GaussianNB")
    try BatchPrediction(
      of: folder + "/t.csv", with: pipeline, format: CSVFormat(), decimalMark: .point
    )
    .run(threads: 1) { _ in }
    var table = RunRequest.standard
    table.data = folder + "/t.csv"
    table.target = TargetRule(column: "class", classes: [])
    _ = try PreparedRun(table, conduct: RunConduct(threads: 1))
  }

  /// What the command writes is what it returns the path of.
  @Test func `a report is written for one run into its folder, for several where it is asked for`()
    throws
  {
    let copy = try Self.copy(of: Self.runFolder.get())
    let runs = [copy.path + "/run", copy.path + "/other"]
    func write(_ runs: [String], to output: String?) throws -> String {
      try ReportFile.write(ofRuns: runs, to: output, sortBy: nil, threads: 1) { _ in [:] }
    }
    #expect(try write([runs[0]], to: nil) == copy.path + "/run/report.html")
    #expect(copy.text("run/report.html")?.hasPrefix("<!DOCTYPE html>") == true)
    let both = copy.path + "/both.html"
    #expect(try write(runs, to: both) == both)
    #expect(copy.text("both.html")?.contains("other") == true)
  }

  private static func copy(of folder: TemporaryFolder) throws -> TemporaryFolder {
    let copy = TemporaryFolder()
    for file in folder.names() where file.hasSuffix("/") { copy.makeFolder(file) }
    for file in folder.names() where !file.hasSuffix("/") {
      copy.write(try #require(folder.read(file)), to: file)
    }
    return copy
  }

  @Test(arguments: files) func `a damaged file of a run is refused, or read`(name: String) throws {
    let folder = try Self.runFolder.get()
    let copy = try Self.copy(of: folder)
    try Self.use(copy.path)
    let path = "run/" + name
    let original = try #require(folder.read(path))
    let others = try Self.files.map { try #require(folder.read("run/" + $0)) }
    var soundCount = 0
    for number in 0..<Self.count {
      var mutator = Mutator(seed: UInt64(number))
      let other = others[number % others.count]
      let mutant =
        name.hasSuffix(".safetensors")
        ? mutator.tensorFileMutant(of: original, other: original)
        : mutator.mutant(of: original, other: other)
      copy.write(mutant, to: path)
      do {
        try Self.use(copy.path)
        soundCount += 1
      } catch {
        let status = (error as? any ExitStatusProviding)?.exitStatus ?? 70
        #expect(status != 70, "\(name), mutant \(number): \(error)")
        if name == "comparison.json" { #expect(status == 65, "mutant \(number): \(error)") }
      }
    }
    // A mutator that breaks every file tests the first check only.
    #expect(soundCount > Self.count / 100, "\(name)")
  }

  /// What a run that was stopped has left of its fits on folds and divisions.
  @Test(arguments: [
    "folds/repeat-1-fold-01/GaussianNB/scores.json", "divisions/seed-43/GaussianNB/scores.json",
  ]) func `damaged scores end a resumed run with an error, or are read`(name: String) throws {
    let folder = try Self.copy(of: Self.runFolder.get())
    var request = try RunFolder(resuming: folder.path + "/run").requestDocument().request
    request.learningCurveParts = 0
    try request.choose(models: "GaussianNB", without: nil, settings: [])
    let original = try #require(folder.read("run/" + name))
    for number in 0..<Self.count {
      var mutator = Mutator(seed: UInt64(number))
      folder.write(mutator.mutant(of: original, other: original), to: "run/" + name)
      do {
        let run = try PreparedRun(request, conduct: RunConduct(threads: 1, makesReport: false))
        let pipeline = RunPipeline(
          run, folder: try RunFolder(resuming: folder.path + "/run"), others: [],
          progress: ProgressDisplay(.quiet))
        let result = try pipeline.document()
        _ = try result.printed(as: .json, sortedBy: .f1, style: TextStyle(width: 80))
        _ = try result.printed(as: .table, sortedBy: .f1, style: TextStyle(width: 80))
      } catch {
        let status = (error as? any ExitStatusProviding)?.exitStatus ?? 70
        #expect(status == 65, "mutant \(number): \(error)")
      }
    }
  }
}
