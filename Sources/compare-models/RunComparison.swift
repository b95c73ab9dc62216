import ArgumentParser
import Classifiers
import Datasets
import ModelComparison

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The batch job.
struct RunComparison: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: CompareModels.configuration.abstract,
    usage: "compare-models [options]",
    discussion: """
      Without options it reads data/diamonds.csv, predicts whether a diamond's cut is Gold or Silver, \
      prints a table, and writes a run folder below runs/.

      EXAMPLES
        compare-models --seed 7 --set RandomForest.n_estimators=200
        compare-models --data iris.csv --target species --models RandomForest,GaussianNB
        compare-models --classes "Gold=Ideal" --classes "Silver=*" --format markdown
      """)

  @OptionGroup(title: "Data") var table: TableOptions
  @OptionGroup(title: "Models") var models: ModelOptions
  @OptionGroup(title: "Evaluation") var split: SplitOptions
  @OptionGroup(title: "Work") var work: WorkOptions
  @OptionGroup(title: "Results") var output: OutputOptions

  func execute() throws {
    let folder = try output.runFolder(seed: split.seed)
    Interruption.install(folder)
    do {
      let preprocessing = try table.preprocessing(fittedOn: split.fitPreprocessing)
      let table = try CSVTable(contentsOf: table.data, textColumns: preprocessing.textColumns)
      let prepared = try preprocessing.prepare(table, split: split.split)
      try folder.create()
      let comparison = Comparison(
        candidates: try models.candidates(seed: split.seed), threads: work.threadCount)
      let runs = try comparison.run(on: prepared, recorder: folder) { name in
        if StandardError.isTerminal { StandardError.write("Fitting \(name)") }
      }
      let document = ComparisonDocument(
        seed: split.seed, table: table, data: prepared, runs: runs,
        versions: ["compare-models": CompareModels.version, "swift": CompilerVersion.text])
      try folder.finish(document)
      try StandardOutput.write(text(of: runs, document))
      StandardError.write("Results are in \(folder.path)")
    } catch {
      throw UnfinishedRun(cause: error, kept: folder.abandon(), path: folder.path)
    }
  }

  private func text(of runs: [RunReport], _ document: ComparisonDocument) throws -> String {
    let table = ComparisonTable(runs)
    let bold = StandardOutput.isTerminal && getenv("NO_COLOR") == nil
    return switch output.format {
    case .table: table.rendered(as: .table, bold: bold)
    case .markdown: table.rendered(as: .markdown)
    case .csv: table.rendered(as: .csv)
    case .json: String(decoding: try document.json(), as: UTF8.self)
    }
  }
}
