import Classifiers
import Datasets
import JSON
import LinearAlgebra
import Support
import TestSupport
import Testing

@testable import Comparison

@Suite struct `A run folder` {
  private let folder = TemporaryFolder()

  @Test func `a run folder is made with the folders above it`() throws {
    let run = try RunFolder(path: folder.path + "/a/b/c")
    #expect(folder.names() == [])
    try run.create()
    #expect(folder.names() == ["a/", "a/b/", "a/b/c/"])
  }

  @Test func `a run folder must be new or empty`() throws {
    folder.write("x", to: "file")
    let error = #expect(throws: FileError.self) { try RunFolder(path: folder.path) }
    #expect(error?.kind == .cannotCreate)
    #expect(error?.description.contains("found one with 1 entries, such as \"file\"") == true)
    let file = #expect(throws: FileError.self) { try RunFolder(path: folder.path + "/file") }
    #expect(file?.description.hasSuffix("/file: Not a directory") == true)
  }

  @Test func `a run begins in a folder of its own, or in that of a stopped run`() throws {
    let (named, _) = try RunFolder.begin(at: folder.path + "/run", resuming: nil, seed: 7)
    #expect(named.path == folder.path + "/run")
    let (standard, begun) = try RunFolder.begin(at: nil, resuming: nil, seed: 7)
    #expect(standard.path.hasPrefix("runs/") && standard.path.hasSuffix("-7"))
    #expect(begun == nil)
    folder.makeFolder("old")
    let old = folder.path + "/old"
    #expect(throws: FileError.self) { try RunFolder.begin(at: nil, resuming: old, seed: nil) }
    let request = RequestDocument(request: RunRequest(seed: 5), dataSHA256: "aa", version: "1")
    folder.write(try JSONDocument.encode(request), to: "old/request.json")
    let (resumed, document) = try RunFolder.begin(at: nil, resuming: old, seed: nil)
    #expect(resumed.path == old)
    #expect(document == request)
  }

  @Test func `a run folder is checked once more when it is made`() throws {
    let path = folder.path + "/run"
    let (first, second) = (try RunFolder(path: path), try RunFolder(path: path))
    try first.create()
    _ = try compare(["GaussianNB"], into: first)
    let error = #expect(throws: FileError.self) { try second.create() }
    #expect(error?.kind == .cannotCreate)
    second.abandon()
    #expect(folder.names(below: "run/GaussianNB").count >= 4)
  }

  @Test func `a run folder takes another name where others have its own`() throws {
    let path = folder.path + "/runs/now"
    let runs = [path, path, path].map(RunFolder.init(unusedFrom:))
    for run in runs { try run.create() }
    #expect(runs.map(\.path) == [path, path + "-2", path + "-3"])
  }

  @Test func `a run folder that is abandoned without a model is removed`() throws {
    let run = RunFolder(unusedFrom: folder.path + "/runs/now")
    try run.create()
    #expect(run.abandon() == [])
    #expect(folder.names() == [])
  }

  @Test func `a run folder leaves alone what was there before`() throws {
    let other = RunFolder(unusedFrom: folder.path + "/runs/now")
    try other.create()
    let run = RunFolder(unusedFrom: folder.path + "/runs/now")
    try run.create()
    run.abandon()
    #expect(folder.names() == ["runs/", "runs/now/"])
    // An empty folder that somebody made for us is theirs.
    let theirs = try RunFolder(path: folder.path + "/runs/now")
    try theirs.create()
    theirs.abandon()
    #expect(folder.names() == ["runs/", "runs/now/"])
  }

  @Test func `a run folder that is abandoned keeps its finished models`() throws {
    let run = try RunFolder(path: folder.path + "/run")
    try run.create()
    _ = try compare(["GaussianNB"], into: run)
    #expect(run.finishedModels == ["GaussianNB"])
    #expect(run.abandon() == ["GaussianNB"])
    _ = try compare(["DecisionTreeClassifier"], into: run)
    #expect(run.finishedModels == ["GaussianNB"])
    let folders = folder.names(below: "run").filter { $0.hasSuffix("/") }
    #expect(folders == ["run/GaussianNB/"])
    #expect(!folder.names(below: "run").contains { $0.contains("partial") })
  }

  @Test func `a run folder's predictions have class names, quoted where they need it`() throws {
    let run = try RunFolder(path: folder.path + "/run")
    try run.create()
    let reports = try compare(["GaussianNB"], into: run, classNames: ["a,b", "say \"c\""])
    let lines = try #require(folder.text("run/GaussianNB/predictions.csv")).split(separator: "\n")
    #expect(
      lines[0]
        == "row,actual,predicted,\"probability_a,b\",\"probability_say \"\"c\"\"\"")
    #expect(lines.count == reports[0].test.sampleCount + 1)
    for (index, line) in lines.dropFirst().enumerated() {
      #expect(line.hasPrefix("\(reports[0].test.rows[index]),\""))
      // The shortest decimals that read back the same.
      let shares = line.split(separator: ",").suffix(2).map { Double($0) }
      #expect(shares == Array(reports[0].probabilities.row(index)))
    }
  }

  @Test func `a linear model's coefficients are in a file, with their standard errors`() throws {
    let run = try RunFolder(path: folder.path + "/run")
    try run.create()
    let reports = try compare(
      ["GaussianNB", "LogisticRegression"], into: run, classNames: ["no", "a,b"])
    #expect(!folder.names(below: "run/GaussianNB").contains("run/GaussianNB/coefficients.csv"))
    let text = try #require(folder.text("run/LogisticRegression/coefficients.csv"))
    let coefficients = try #require(reports[1].model.coefficients)
    #expect(coefficients.count == 3)
    let lines = zip(["x", "y", "(intercept)"], coefficients).map { name, one in
      // "a,b" comes before "no".
      "no,\(name),\(one.value),\(one.standardError ?? -1)\n"
    }
    #expect(text == "class,feature,coefficient,standard_error\n" + lines.joined())
  }

  private func compare(
    _ models: [String], into folder: RunFolder, classNames: [String] = ["no", "yes"]
  ) throws -> [EvaluatedModel] {
    let rows = (0..<60).map { row in
      let name = classNames[row % 2].replacing("\"", with: "\"\"")
      return "\((row * 37) % 11),\((row % 2) * 3 + row % 5),\"\(name)\"\n"
    }
    let preprocessing = Preprocessing(target: TargetRule(column: "class", classes: []))
    let table = try withTemporaryFile("x,y,class\n" + rows.joined()) {
      try CSVTable(contentsOf: $0, preprocessing.reading)
    }
    let data = try preprocessing.prepare(table, split: TrainTestSplit())
    return try ModelEvaluation(threads: 1).models(
      of: models.compactMap { Algorithm(rawValue: $0)?.classifier(seed: 42) }, on: data,
      recorder: folder)
  }
}
