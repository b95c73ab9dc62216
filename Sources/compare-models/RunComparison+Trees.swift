import ArgumentParser
import Classifiers
import Comparison
import Datasets
import Support

/// A forest that several processes grow.
extension RunComparison {
  /// Grows some of the forest's trees, and nothing else.
  func growTrees(_ part: TreePart, typed: [String]) throws {
    guard let output = output.output else {
      throw ValidationError("--trees needs --output, the folder of the forest's parts")
    }
    guard folds.resume == nil, folds.crossValidate == nil else {
      throw ValidationError("--trees divides one fit: it excludes --cross-validate and --resume")
    }
    let preprocessing = try table.preprocessing(fittedOn: split.fitPreprocessing)
    let table = try CSVTable(
      contentsOf: table.data, textColumns: preprocessing.textColumns, threads: work.threadCount)
    let candidates = try models.candidates(seed: split.seed)
    let forest = try Self.forest(among: candidates)
    let numbers = try part.numbers(of: forest.treeCount)
    let plan = plan(typed: typed, table, candidates)
    let prepared = try preprocessing.prepare(table, split: split.split)
    let folder = ForestFolder(path: output)
    Interruption.install(for: CompareModels.name) {
      folder.abandon()
      return
        "interrupted; files of trees that are whole are kept in \(folder.path), the same command "
        + "goes on"
    }
    let progress = work.progress
    let words =
      numbers.isEmpty
      ? "No trees of \(forest.treeCount)"
      : "Trees \(numbers.lowerBound + 1) to \(numbers.upperBound) of \(forest.treeCount)"
    if !numbers.isEmpty { progress.watch("Growing trees") }
    try folder.grow(
      numbers, of: forest, from: prepared, plan: plan, threads: work.threadCount
    ) { progress.reach($0, of: $1) }
    progress.end()
    progress.say(
      "\(words) are in \(folder.path); when all are there: compare-models merge \(folder.path)")
  }

  /// The trees that were grown before.
  func grownForest(
    _ forests: [ForestFolder], _ candidates: [any Classifier], _ data: PreparedData,
    _ plan: PlanDocument
  ) throws -> GrownForest? {
    guard !forests.isEmpty else { return nil }
    for forest in forests {
      guard let begun = try forest.plan() else {
        throw DatasetError(
          .missingFile, "\(forest.path): expected the parts of a forest, found none")
      }
      try plan.check(continues: begun, at: forest.path)
    }
    return try ForestFolder.trees(
      of: Self.forest(among: candidates), from: data, in: forests)
  }

  private static func forest(among candidates: [any Classifier]) throws -> RandomForest {
    for case let forest as RandomForest in candidates { return forest }
    throw ValidationError("--trees needs RandomForest among the models")
  }
}
