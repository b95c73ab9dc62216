import Classifiers
import Datasets
import Evaluation
import Support
import TestSupport
import Testing

@testable import Comparison

@Suite struct `Folds, as scikit-learn 1.9.1 divides rows` {
  let reference: FoldsReference

  init() throws { reference = try FoldsReference.read() }

  @Test func `the folds of the diamonds in two classes are scikit-learn's`() throws {
    try check(reference.twoClasses, Preprocessing())
  }

  @Test func `the folds of the diamonds in eight classes are scikit-learn's`() throws {
    try check(
      reference.eightClasses,
      Preprocessing(target: TargetRule(column: "clarity", classes: [])))
  }

  private func check(_ divisions: [FoldsReference.Division], _ preprocessing: Preprocessing) throws
  {
    let table = try CSVTable(
      contentsOf: RepositoryFiles.diamonds, preprocessing.reading)
    let (labels, classNames) = try preprocessing.labels(of: table)
    for division in divisions {
      let folds = try StratifiedFolds(count: division.folds, repeats: division.repeats, seed: 42)
        .folds(labels: labels, classNames: classNames, fileName: "diamonds.csv")
      #expect(folds.count == division.folds * division.repeats)
      #expect(Array(folds[0].test.prefix(10)) == division.firstTestRows)
      var foldOfRow = [Int](repeating: 0, count: labels.count * division.repeats)
      for fold in folds {
        for row in fold.test {
          foldOfRow[(fold.repetition - 1) * labels.count + row] = fold.number - 1
        }
        #expect(Set(fold.test).isDisjoint(with: fold.training))
        #expect(fold.test.count + fold.training.count == labels.count)
      }
      let bytes = foldOfRow.flatMap { number in
        withUnsafeBytes(of: Int64(number).littleEndian) { Array($0) }
      }
      #expect(SHA256.hexDigest(of: bytes) == division.sha256)
    }
  }

  @Test func `folds are refused where a class has one row, or no class has enough`() {
    #expect(throws: DatasetError.self) {
      try StratifiedFolds(count: 3, seed: 1).folds(
        labels: [0, 0, 0, 1], classNames: ["a", "b"], fileName: "x.csv")
    }
    #expect(throws: DatasetError.self) {
      try StratifiedFolds(count: 3, seed: 1).folds(
        labels: [0, 0, 1, 1], classNames: ["a", "b"], fileName: "x.csv")
    }
  }
}

@Suite struct `Cross-validation` {
  /// Every 45th diamond.
  private func part() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    let bytes = try #require(readFile(RepositoryFiles.diamonds))
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    let rows = lines.dropFirst().enumerated().filter { $0.offset % 45 == 0 }.map(\.element)
    folder.write(([lines[0]] + rows).joined(separator: [UInt8(ascii: "\n")]), to: "part.csv")
    return folder
  }

  private func validate(
    _ files: TemporaryFolder, into folder: RunFolder, threads: Int,
    candidates: [any Classifier] = Algorithm.standard.map { $0.classifier(seed: 42) },
    mayStart: @escaping @Sendable () -> Bool = { true }
  ) throws -> (result: CrossValidationResult, skipped: Int, known: Int) {
    // The row numbers of a part count nothing.
    let preprocessing = Preprocessing(dropping: ["Unnamed: 0"])
    let table = try CSVTable(
      contentsOf: files.path + "/part.csv", preprocessing.reading)
    let known = Atomic(0)
    let (result, skipped) = try CrossValidation(
      candidates: candidates, folds: FoldPlan(count: 4, repeats: 2, seed: 42),
      rows: TrainTestSplit().positions(sampleCount: table.rowCount).training, threads: threads
    ).run(
      on: table, preprocessing: preprocessing, folder: folder, mayStart: mayStart,
      progress: { if $0.wasKnown { known.add(1, ordering: .relaxed) } })
    return (result, skipped, known.load(ordering: .relaxed))
  }

  @Test func `cross-validation gives the scores of scikit-learn 1.9.1's cross_validate`() throws {
    let reference = try FoldsReference.read()
    let files = try part()
    defer { withExtendedLifetime(files) {} }
    let folder = try RunFolder(path: files.path + "/run")
    try folder.create()
    let result = try validate(files, into: folder, threads: 2).result
    #expect(result.models.map(\.name) == Algorithm.standard.map(\.rawValue))
    for model in result.models {
      let known = try #require(reference.scores[model.name])
      #expect(known.count == 9)
      for (key, scores) in known {
        let metric = try #require(Metric(rawValue: key))
        #expect(model.scores(metric).count == scores.count)
        for (mine, theirs) in zip(model.scores(metric), scores) {
          #expect(abs(mine - theirs) <= 1e-12, "\(model.name) \(key)")
        }
      }
    }
    #expect(result.pairs.count == 6)
  }

  @Test func `cross-validation continues to the same result on any threads`() throws {
    let files = try part()
    defer { withExtendedLifetime(files) {} }
    let quick: [any Classifier] = [GaussianNaiveBayes(), DecisionTree(seed: 42)]
    let whole = try RunFolder(path: files.path + "/whole")
    try whole.create()
    let first = try validate(files, into: whole, threads: 2, candidates: quick)
    #expect(first.skipped == 0)
    #expect(first.known == 0)

    let stopped = try RunFolder(path: files.path + "/stopped")
    try stopped.create()
    let starts = Atomic(0)
    let begun = try validate(files, into: stopped, threads: 1, candidates: quick) {
      starts.add(1, ordering: .relaxed).oldValue < 5
    }
    #expect(begun.skipped == 11)
    #expect(begun.result.models.map(\.folds.count).reduce(0, +) == 5)
    #expect(stopped.abandon() == ["5 runs on folds"])

    let resumed = try RunFolder(resuming: files.path + "/stopped")
    try resumed.create()
    let rest = try validate(files, into: resumed, threads: 1, candidates: quick)
    #expect(rest.known == 5)
    #expect(rest.skipped == 0)
    // All but the seconds.
    for (mine, theirs) in zip(rest.result.models, first.result.models) {
      #expect(mine.folds.map(\.scores) == theirs.folds.map(\.scores))
      #expect(mine.folds.map(\.confusionMatrix) == theirs.folds.map(\.confusionMatrix))
      #expect(mine.mean == theirs.mean)
    }
    #expect(rest.result.pairs == first.result.pairs)
  }

  @Test func `cross-validation names a category that only a fold's own rows have`() throws {
    let files = TemporaryFolder()
    defer { withExtendedLifetime(files) {} }
    files.write(
      "x,color,cut\n1,red,a\n2,red,b\n3,red,a\n4,blue,b\n5,red,a\n6,red,b\n", to: "part.csv")
    let folder = try RunFolder(path: files.path + "/run")
    try folder.create()
    let preprocessing = Preprocessing(target: TargetRule(column: "cut", classes: []))
    let table = try CSVTable(
      contentsOf: files.path + "/part.csv", preprocessing.reading)
    let error = #expect(throws: DatasetError.self) {
      try CrossValidation(
        candidates: [GaussianNaiveBayes()], folds: FoldPlan(count: 3, seed: 42),
        rows: Array(0..<6), threads: 1
      ).run(
        on: table, preprocessing: preprocessing, folder: folder, mayStart: { true },
        progress: { _ in })
    }
    #expect(error?.description.contains("part.csv:5: column \"color\"") == true)
  }
}
